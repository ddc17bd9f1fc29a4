/**
 * `pnpm test:chaos [--seed N] [--rounds N] [--first N] [--brokers N]
 * [--processors N]`: real faults on real
 * servers, round after round, each audited. Draws anew each time; a failure says the seed.
 */

import { parseArgs } from 'node:util';
import { runChaos } from './run.ts';
import { chaosTable, recoveryTable } from './table.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    rounds: { type: 'string', default: '20' },
    brokers: { type: 'string', default: '3' },
    processors: { type: 'string', default: '3' },
    first: { type: 'string', default: '1' },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
console.log(`seed ${seed}; again: pnpm test:chaos --seed ${seed} --rounds ${values.rounds}`);
const rounds = await runChaos({
  seed,
  rounds: Number(values.rounds),
  brokers: Number(values.brokers),
  processors: Number(values.processors),
  partitions: 6,
  rate: 100,
  long: true,
  first: Number(values.first),
  tell: (line) => console.log(line),
});
console.log(`\n${chaosTable(rounds)}\n\n${recoveryTable(rounds)}\n\nseed ${seed}: no divergence`);

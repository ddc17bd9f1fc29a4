/** A short chaos run: three rounds, the same ones each time. `pnpm test:chaos` draws longer ones. */

import { dockerAnswers } from '@holdfast/testkit/launchers/docker.ts';
import { describeWithServices } from '@holdfast/testkit/services.ts';
import { expect, test } from 'vitest';
import { runChaos } from './run.ts';
import { chaosTable } from './table.ts';

const { HOLDFAST_SEED: asked } = process.env;
const NORMAL_SEED = 1;
const ROUNDS = 3;

/** In containers the replica of Redis could not reach the proxy that cuts it off. */
const inContainers = await dockerAnswers();

describeWithServices('real chaos', () => {
  test.skipIf(inContainers)(`ends ${ROUNDS} rounds as if nothing had been`, async () => {
    const seed = Number(asked ?? NORMAL_SEED);
    const lines: string[] = [];
    try {
      const rounds = await runChaos({
        seed,
        rounds: ROUNDS,
        brokers: 1,
        processors: 2,
        partitions: 3,
        rate: 100,
        long: false,
        tell: (line) => lines.push(line),
      });
      expect(rounds).toHaveLength(ROUNDS);
      console.log(`seed ${seed}\n${chaosTable(rounds)}`);
    } catch (error) {
      console.log(`${lines.join('\n')}\nHOLDFAST_SEED=${seed} pnpm test e2e test/chaos`);
      throw error;
    }
  });
});

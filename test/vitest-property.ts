/**
 * How a failing property is replayed: it prints the command, and HOLDFAST_SEED sets the seed from
 * which every property of the run draws.
 */

import { relative } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { STREAMS_SET } from './machine/runs.ts';

/** Of a normal run, so that it says the same of the same code; longer ones draw anew. */
const NORMAL_SEED = 1;

const { HOLDFAST_SEED: asked } = process.env;
const seed = asked === undefined && STREAMS_SET === '' ? NORMAL_SEED : asked;

fc.configureGlobal({
  ...(seed === undefined ? {} : { seed: Number(seed) }),
  reporter: (run) => {
    if (run.failed) {
      const file = relative(process.cwd(), expect.getState().testPath ?? '');
      const replay = `${STREAMS_SET}HOLDFAST_SEED=${run.seed} pnpm test property ${file}`;
      throw new Error(`${fc.defaultReportMessage(run)}\n\nReplay: ${replay}`, {
        cause: run.errorInstance,
      });
    }
  },
});

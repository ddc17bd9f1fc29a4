/**
 * How a failing property is replayed: it prints the command, and HOLDFAST_SEED sets the seed from
 * which every property of the run draws. Without it each run draws anew.
 */

import { relative } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { STREAMS_SET } from './machine/runs.ts';

const { HOLDFAST_SEED: seed } = process.env;

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

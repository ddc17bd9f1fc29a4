/** A service that does as `EXAMPLE` says, for the tests of `runService` in a process of its own. */

import { configInvalid } from '@holdfast/config/mistakes.ts';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import { runService } from '../src/run.ts';

process.exitCode = await runService(
  {
    name: 'example',
    does: 'An example.',
    readConfig: (env) => {
      if (env.EXAMPLE === undefined) throw configInvalid(['EXAMPLE is not set', 'nor is MORE']);
      return { run: { logLevel: 'info' as const }, does: env.EXAMPLE };
    },
    run: async ({ does }, { log, stop }) => {
      switch (does) {
        case 'fail':
          setInterval(() => undefined, 60_000);
          throw new HoldfastError('topic_missing', 'subscription-changes does not exist');
        case 'throw elsewhere':
          setTimeout(() => {
            throw new TypeError('a defect');
          });
          await new Promise(() => setInterval(() => undefined, 60_000));
          return;
        case 'hang':
          log.info('running');
          await new Promise(() => setInterval(() => undefined, 60_000));
          return;
        default:
          log.info('running');
          await new Promise((resolve) => {
            const alive = setInterval(() => undefined, 60_000);
            stop.addEventListener('abort', () => {
              clearInterval(alive);
              resolve(undefined);
            });
          });
          if (does === 'forget') setInterval(() => undefined, 60_000);
          if (does === 'fail late') {
            setTimeout(() => {
              throw new Error('too late');
            }, 100);
          }
          if (does === 'give up') stop.throwIfAborted();
      }
    },
  },
  process,
);

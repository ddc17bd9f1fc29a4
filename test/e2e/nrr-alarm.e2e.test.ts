/** The example of a reader of `retention-metrics`, run as its user would: it tells a dip from silence. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describeWithServices } from '@holdfast/testkit/services.ts';
import { expect, test, vi } from 'vitest';
import { startExporter, startProcessor } from './in-process.ts';
import { openPipe, type Pipe, SOON } from './pipe.ts';
import { subscription } from './records.ts';

const EXAMPLE = fileURLToPath(new URL('../../docs/examples/nrr-alarm.mjs', import.meta.url));
const AMOUNT_MINOR = 10_000;
const DAY_MS = 86_400_000;

interface Alarm extends AsyncDisposable {
  /** What it has printed, by the first word of each line. */
  words(): readonly string[];
  last(): string;
}

const startAlarm = async ({ services, topics }: Pipe, ...more: string[]): Promise<Alarm> => {
  const args = ['--kafka', services.bootstrap, '--registry', services.registryUrl];
  const child = spawn(
    process.execPath,
    [EXAMPLE, ...args, '--topic', topics.metrics, '--figure', 'P1M/all/all', ...more],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const closed = once(child, 'close');
  return {
    words: () => lines.map((line) => line.split(' ')[0] ?? ''),
    last: () => lines.at(-1) ?? '',
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await closed;
    },
  };
};

describeWithServices('the example alarm', (services) => {
  test('rings on a dip, is quiet again after it, and says stale of a pipe that stands', async () => {
    await using pipe = await openPipe(services());
    const joined = Date.now() - 60 * DAY_MS;
    await pipe.produce(['a', 'b', 'c'].map((name) => subscription(name, joined, AMOUNT_MINOR)));
    const processor = await startProcessor(pipe, null);
    await using _exporter = await startExporter(pipe, null);
    const limits = ['--least-customers', '3', '--oldest-seconds', '5'];
    await using alarm = await startAlarm(pipe, '--target', '0.9', ...limits);
    await vi.waitFor(() => expect(alarm.last()).toMatch(/^OK NRR P1M\/all\/all is 100\.0%/), SOON);

    const ended = { status: 'ended', items: [] } as const;
    const left = subscription('a', Date.now(), 0, ended);
    await pipe.produce([left]);
    await vi.waitFor(
      () =>
        expect(alarm.last()).toMatch(/^ALARM .* is 66\.7%, target 90\.0%; lost 120000 by churn/),
      SOON,
    );
    await pipe.produce([subscription('a', left.effectiveAt + 1, AMOUNT_MINOR)]);
    await vi.waitFor(() => expect(alarm.last()).toMatch(/^OK .* is 100\.0%/), SOON);

    await processor.stop();
    await vi.waitFor(() => expect(alarm.last()).toMatch(/^STALE/), SOON);
    expect(alarm.words().filter((word) => word !== 'STALE')).toEqual(['OK', 'ALARM', 'OK']);
  });
});

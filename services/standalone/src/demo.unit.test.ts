/** The demo as it is started: two years, then live, with everything served on one port. */

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { runDemo } from './demo.ts';
import { terminal } from './terminal.ts';

const DAY_MS = 86_400_000;

interface Status {
  readonly as_of: string | null;
  readonly lag_events: number | null;
  readonly dead_letters: object | null;
}

test('the console knows lag and dead letters while the past is lived through and after', async () => {
  const stop = new AbortController();
  const today = Date.parse('2026-11-22T10:00:00Z');
  const seen: Status[] = [];
  const watch = async (url: string): Promise<void> => {
    try {
      while (Date.parse(seen.at(-1)?.as_of ?? '1970-01-01') <= today) {
        const status = (await (await fetch(`${url}v1/status`)).json()) as Status;
        if (status.as_of !== null) seen.push(status);
        await sleep(5);
      }
    } finally {
      stop.abort();
    }
  };
  let watching = Promise.resolve();
  let printed = '';
  const read = (text: string): void => {
    printed += text;
    const [, url] = /^Console (\S+)/.exec(text) ?? [];
    if (url !== undefined) watching = watch(url);
  };
  let ids = 0;
  const options = { customers: 20, seed: 17, port: 0, daysPerSecond: 1, forMs: null };
  await runDemo(options, {
    terminal: terminal({ write: read }, {}),
    stop: stop.signal,
    today,
    stopwatch: () => performance.now(),
    newId: () => `id-${++ids}`,
  });
  await watching;
  // Nothing has been looked at before the first step of the past is done.
  const later = seen.filter(({ as_of }) => Date.parse(as_of ?? '') > today - 700 * DAY_MS);
  expect(Date.parse(later[0]?.as_of ?? '')).toBeLessThan(today);
  for (const status of later) {
    expect(status).toMatchObject({ lag_events: expect.any(Number), dead_letters: {} });
  }
  // Into a pipe it prints lines, and nothing that steers a terminal.
  expect(printed).toMatch(/\n20\d\d-\d\d-\d\d .* P12M NRR [\d.]+%/);
  expect(printed).not.toMatch(/[^\P{Cc}\n]/u);
});

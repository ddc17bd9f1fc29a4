/** What Prometheus is given to read: nothing to find fault with, whatever members are called. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingOf } from '@holdfast/testkit/launchers/programs.ts';
import { describeWithServices } from '@holdfast/testkit/services.ts';
import { expect, onTestFinished, test, vi } from 'vitest';
import { clockAt, startExporter, startLedger, startProcessor } from './in-process.ts';
import { openPipe, SOON } from './pipe.ts';
import { customerChanged, subscription } from './records.ts';
import { eventsOf, parseMetrics } from './scrape.ts';

const JOINED = Date.parse('2025-11-10T00:00:00Z');
const HOSTILE = ['a"b', 'c\\d', 'e\nf{g="h"} 1', '__proto__', 'ü/%2F', ''];
const CAP = 3;

describeWithServices('a real scrape', (services) => {
  test('has no fault that promtool finds, no NaN and no more members than the cap', async ({
    skip,
  }) => {
    const missing = await missingOf(['promtool']);
    if (missing !== null) skip(`there is no ${missing}`);
    const policy = { dimensions: [{ name: 'segment', cap: CAP }] };
    await using pipe = await openPipe(services(), { policy });
    const clock = clockAt(Date.parse('2026-02-05T10:00:00Z'));
    const records = HOSTILE.flatMap((segment, at) => [
      customerChanged(`customer ${at}`, JOINED, { segment }),
      subscription(`customer ${at}`, JOINED, 10_000 - at),
    ]);
    await pipe.produce(records);
    await using processor = await startProcessor(pipe, clock);
    await using exporter = await startExporter(pipe, clock);
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-ledger-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    await using ledger = await startLedger(pipe, clock, join(folder, 'ledger.duckdb'));
    const bodyOf = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text();
    const shown = await vi.waitFor(async () => {
      const body = await bodyOf(exporter.url);
      expect(eventsOf(parseMetrics(body))).toBe(records.length);
      expect(parseMetrics(body).series('holdfast_arr')).not.toEqual([]);
      return body;
    }, SOON);

    const told = await vi.waitFor(async () => {
      await fetch(`${ledger.url}/v1/status`);
      const body = await bodyOf(ledger.url);
      const [deltas] = parseMetrics(body).series('holdfast_ledger_deltas');
      expect(deltas?.value).toBeGreaterThanOrEqual(records.length);
      return body;
    }, SOON);
    expect(parseMetrics(told).series('holdfast_ledger_request_seconds_count')).not.toEqual([]);

    for (const input of [shown, await bodyOf(processor.url), told]) {
      const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], {
        input,
        encoding: 'utf8',
      });
      expect([status, stderr]).toEqual([0, '']);
    }
    expect(shown).not.toContain('NaN');
    const members = parseMetrics(shown)
      .series('holdfast_arr')
      .filter(({ labels }) => labels.dimension === 'segment')
      .map(({ labels }) => labels.member);
    expect(members).toEqual(expect.arrayContaining([...HOSTILE.slice(0, CAP), 'other']));
    expect(members).toHaveLength(CAP + 1);
  });
});

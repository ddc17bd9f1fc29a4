/**
 * The ledger says of the present what the gauges say, to the minor unit, and goes on from its file:
 * what it was told before it was stopped it does not ask for again.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instant } from '@holdfast/domain/scalars.ts';
import { describeWithServices } from '@holdfast/testkit/services.ts';
import { expect, test, vi } from 'vitest';
import { presentOf, retentionOf } from './gauges.ts';
import { clockAt, startExporter, startLedger, startProcessor } from './in-process.ts';
import { openPipe, type Pipe, SOON } from './pipe.ts';
import { customerChanged, subscription } from './records.ts';
import { asOfOf, type Scrape, scrape } from './scrape.ts';

const WINDOWS = ['P1M', 'P3M', 'P12M'];
const DIMENSIONS = ['all', 'segment'];
const at = (text: string): number => Date.parse(text);

interface Row {
  readonly member: string;
  readonly opening_arr_minor: number;
  readonly [field: string]: unknown;
}

const ask = async <Answer>(url: string, path: string): Promise<Answer> => {
  const response = await fetch(`${url}${path}`);
  expect([path, response.status]).toEqual([path, 200]);
  return (await response.json()) as Answer;
};

interface Status {
  readonly as_of: string | null;
  readonly lag_events: number | null;
  readonly dead_letters: Readonly<Record<string, number>> | null;
}
const statusOf = (url: string): Promise<Status> => ask<Status>(url, '/v1/status');

/** A row of the ledger in the words of the gauges, which are absent where nothing is open. */
const gaugesOf = (row: Row, scraped: Scrape, window: string, dimension: string) => {
  const labels = { dimension, member: row.member };
  const shown = {
    ...retentionOf(scraped, 'USD', { window, ...labels }),
    ...presentOf(scraped, 'USD', labels),
  };
  return Object.fromEntries(
    Object.keys(shown).map((name) => [name, shown[name] ?? (name.includes('r') ? null : 0)]),
  );
};

/** Both at the clock's instant, with every figure of the policy's. */
const expectSame = async (ledger: string, exporter: string, now: number): Promise<void> => {
  const iso = new Date(now).toISOString();
  await vi.waitFor(async () => expect((await statusOf(ledger)).as_of).toBe(iso), SOON);
  const scraped = await vi.waitFor(async () => {
    const seen = await scrape(exporter);
    expect(asOfOf(seen)).toBe(now);
    return seen;
  }, SOON);
  for (const window of WINDOWS) {
    for (const dimension of DIMENSIONS) {
      const path = `/v1/retention?window=${window}&by=${dimension}`;
      const { as_of, rows } = await ask<{ as_of: string; rows: Row[] }>(ledger, path);
      expect(as_of).toBe(iso);
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows.filter(({ opening_arr_minor }) => opening_arr_minor > 0)) {
        const { dimension: _, member, ...figures } = row;
        const shown = gaugesOf(row, scraped, window, dimension);
        expect([window, member, figures]).toEqual([window, member, { ...figures, ...shown }]);
      }
    }
  }
};

const feedOf = async (url: string) =>
  (await ask<{ rows: { delta_id: string }[] }>(url, '/v1/movements/feed?limit=1000')).rows.map(
    ({ delta_id }) => delta_id,
  );

const produceMonth = async (pipe: Pipe, month: string, amounts: readonly number[]) => {
  const records = amounts.flatMap((amount, index) => {
    const id = `c${index}`;
    const from = at(`${month}-1${index}T10:00:00Z`);
    return [
      customerChanged(id, from, { segment: index % 2 === 0 ? 'smb' : 'mid' }),
      subscription(id, from, amount),
    ];
  });
  await pipe.produce(records);
};

describeWithServices('the ledger', (services) => {
  test('says what the gauges say, goes on from its file, and ends in order', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-ledger-'));
    const file = join(folder, 'ledger.duckdb');
    try {
      await using pipe = await openPipe(services(), { policy: { dimensions: ['segment'] } });
      const clock = clockAt(at('2026-01-20T00:00:00Z'));
      await using exporter = await startExporter(pipe, clock);
      await using _processor = await startProcessor(pipe, clock);
      await produceMonth(pipe, '2026-01', [10_000, 20_000, 5_000, 7_000]);
      const first = await startLedger(pipe, clock, file);
      await expectSame(first.url, exporter.url, clock.at);
      const before = await feedOf(first.url);
      expect(before).toHaveLength(4);
      await first.stop();

      clock.at = instant(at('2026-02-25T00:00:00Z'));
      await produceMonth(pipe, '2026-02', [12_000, 0, 4_000, 7_000]);
      await using again = await startLedger(pipe, clock, file);
      await expectSame(again.url, exporter.url, clock.at);
      const after = await feedOf(again.url);
      expect(after).toHaveLength(7);
      expect(after.slice(-4)).toEqual(before);
      const ready = await fetch(`${again.url}/readyz`);
      expect(ready.status).toBe(200);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('counts what of the input is not in its figures, and the dead letters, as the gauges do', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-ledger-'));
    try {
      await using pipe = await openPipe(services(), { policy: { dimensions: ['segment'] } });
      const clock = clockAt(at('2026-01-20T00:00:00Z'));
      await using exporter = await startExporter(pipe, clock);
      await using ledger = await startLedger(pipe, clock, join(folder, 'ledger.duckdb'));
      const says = (lag: number | null, dead: Status['dead_letters']): Promise<void> =>
        vi.waitFor(
          async () =>
            expect(await statusOf(ledger.url)).toMatchObject({
              lag_events: lag,
              dead_letters: dead,
            }),
          SOON,
        );
      // No partition has said yet how far it is.
      await says(null, {});
      const first = await startProcessor(pipe, clock);
      await produceMonth(pipe, '2026-01', [10_000, 20_000]);
      await says(0, {});
      await first.stop();

      const broken = ['no record', 'none either'].map((text) => ({
        key: 'c1',
        value: Buffer.from(text),
        timestamp: clock.at,
      }));
      await pipe.produceRaw(broken);
      await produceMonth(pipe, '2026-01', [12_000]);
      await says(4, {});
      await using _second = await startProcessor(pipe, clock);
      await says(0, { malformed: 2 });
      const scraped = await scrape(exporter.url);
      expect(scraped.value('holdfast_dead_letters_total', { reason: 'malformed' })).toBe(2);
      expect([...ledger.lines].join()).not.toContain('"warn"');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

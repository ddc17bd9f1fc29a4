/** What `replayer backfill` writes and what Prometheus scrapes afterwards are the same series, without a step. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingOf } from '@holdfast/testkit/launchers/programs.ts';
import { startPrometheus } from '@holdfast/testkit/launchers/prometheus.ts';
import { describeWithServices } from '@holdfast/testkit/services.ts';
import { expect, onTestFinished, test, vi } from 'vitest';
import { run } from '../../services/replayer/src/run.ts';
import { toJsonLine } from '../streams/json-lines.ts';
import { startExporter, startProcessor } from './in-process.ts';
import { openPipe, SOON } from './pipe.ts';
import { subscription } from './records.ts';
import { asOfOf, eventsOf, scrape } from './scrape.ts';

const DAY_MS = 86_400_000;
const AMOUNT_MINOR = 10_000;

const query = async (url: string, expr: string): Promise<readonly number[]> => {
  const asked = `${url}/api/v1/query?${new URLSearchParams({ query: expr })}`;
  const { data } = (await (await fetch(asked)).json()) as {
    data: { result: { value: [number, string] }[] };
  };
  return data.result.map(({ value }) => Number(value[1]));
};

describeWithServices('a backfill', (services) => {
  test('is one series with what is scraped after it, and says what was', async ({ skip }) => {
    const missing = await missingOf(['prometheus', 'promtool']);
    if (missing !== null) skip(`there is no ${missing}`);
    await using pipe = await openPipe(services());
    const now = Date.now();
    const joined = now - 100 * DAY_MS;
    const records = [
      subscription('stays', joined, AMOUNT_MINOR),
      subscription('leaves', joined, AMOUNT_MINOR),
      subscription('leaves', now - 5 * DAY_MS, 0, { status: 'ended', items: [] }),
    ];
    await pipe.produce(records);
    await using _processor = await startProcessor(pipe, null);
    await using exporter = await startExporter(pipe, null);
    await vi.waitFor(async () => {
      const scraped = await scrape(exporter.url);
      expect([eventsOf(scraped), asOfOf(scraped) !== undefined]).toEqual([records.length, true]);
    }, SOON);

    const folder = mkdtempSync(join(tmpdir(), 'holdfast-backfill-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [events, out] = [join(folder, 'events.jsonl'), join(folder, 'past.om')];
    writeFileSync(events, records.map((record) => `${toJsonLine(record)}\n`).join(''));
    const target = new URL(exporter.url).host;
    const said: string[] = [];
    const exit = await run(
      [
        ...['backfill', '--events', events, '--out', out, '--every', '720'],
        ...['--from', new Date(now - 10 * DAY_MS).toISOString()],
        ...['--to', new Date(now).toISOString(), '--instance', target],
      ],
      {},
      {
        out: () => undefined,
        err: (text) => said.push(text),
        redraw: null,
        now: () => now,
      },
    );
    expect([exit, said]).toEqual([0, []]);

    const prometheus = await startPrometheus({
      past: readFileSync(out, 'utf8'),
      config: {
        scrape_configs: [
          {
            job_name: 'holdfast-exporter',
            scrape_interval: '1s',
            static_configs: [{ targets: [target] }],
          },
        ],
      },
    });
    onTestFinished(() => prometheus.stop());
    const nrr = 'holdfast_net_revenue_retention_ratio{window="P1M"}';
    const ask = (expr: string) => query(prometheus.url, expr);
    await vi.waitFor(async () => {
      expect((await ask(`timestamp(${nrr}) * 1000 > ${now + 1_000}`)).length).toBe(1);
    }, SOON);

    expect(await ask(`last_over_time(${nrr}[1d] offset 8d)`)).toEqual([1]);
    expect(await ask(`min_over_time(${nrr}[4d])`)).toEqual([0.5]);
    expect(await ask(`max_over_time(${nrr}[4d])`)).toEqual([0.5]);
    const money = 'holdfast_retention_churned_arr{window="P1M"}';
    expect(await ask(`min_over_time(${money}[4d])`)).toEqual([(12 * AMOUNT_MINOR) / 100]);
    // Not one series more in the past than now, so names and labels are the same.
    const figures =
      '{__name__=~"holdfast_(retention|arr|customers|.*_ratio).*",__name__!~".*_total|.*dead_letter.*"}';
    const [series] = await ask(`count(${figures})`);
    expect(series).toBeGreaterThan(10);
    expect(await ask(`count(last_over_time(${figures}[1d] offset 12h))`)).toEqual([series]);
    expect(await ask(`count(last_over_time(${figures}[4d]))`)).toEqual([series]);
  });
});

/**
 * What an installation shows and says, on a real pipe with a real Prometheus and Alertmanager that
 * run the files of deploy/: every query of every board has an answer, three large customers who
 * leave raise the dip within a minute, and an input that stops raises staleness and no dip.
 *
 * The past is one scrape, written back over the day before. The normal run scrapes each second and
 * has shorter patience; `pnpm test:alerts` leaves the rules as they are but for the silence of the
 * input, which is a minute instead of six hours.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { instant } from '@holdfast/domain/scalars.ts';
import { simulateCompany } from '@holdfast/simulation/company.ts';
import { alertmanagerProgram } from '@holdfast/testkit/launchers/alertmanager.ts';
import { missingOf } from '@holdfast/testkit/launchers/programs.ts';
import { describeWithServices } from '@holdfast/testkit/services.ts';
import { expect, it, vi } from 'vitest';
import { boards } from '../../deploy/grafana/boards.ts';
import { choicesOf, questionsOf } from '../../deploy/grafana/questions.ts';
import { startExporter, startProcessor } from './in-process.ts';
import { type Monitoring, startMonitoring } from './monitoring.ts';
import { pastOf } from './past.ts';
import { openPipe, type Pipe, SOON } from './pipe.ts';
import { subscription } from './records.ts';
import { asOfOf, scrape } from './scrape.ts';

const DAY_MS = 86_400_000;
const AS_THEY_ARE = process.env.HOLDFAST_ALERTS === 'as-they-are';
const PACE = AS_THEY_ARE
  ? { pace: { silence: '1m' }, interval: '1m' }
  : { pace: { silence: '5s', glance: '3s', patience: '2s' }, every: '1s', interval: '10s' };
const MINUTE = { timeout: 60_000, interval: 200 };
const MINUTES = { timeout: 150_000, interval: 200 };

const LARGE = ['large-a', 'large-b', 'large-c'];
/** By the month, about a twentieth of what the company has. */
const LARGE_MINOR = 1_000_000;

/** Queries that rightly have no answer here, and why. */
const NO_ANSWER: Readonly<Record<string, string>> = { Alerts: 'nothing fires yet' };

/** The company's past, and three large customers of old. */
const past = (now: number) => {
  const from = now - 500 * DAY_MS;
  const company = simulateCompany({ seed: 7, customers: 300, from: instant(from) });
  const records = [...LARGE.map((name) => subscription(name, from, LARGE_MINOR))];
  for (let next = company.next().value; next.recordedAt < now; next = company.next().value) {
    records.push(next as (typeof records)[number]);
  }
  return records;
};

/** A customer who pays a little more each time: input that arrives. */
const keepSaying = (pipe: Pipe) => {
  const stop = new AbortController();
  const done = (async () => {
    for (let amountMinor = 10_000; !stop.signal.aborted; amountMinor += 1) {
      await pipe.produce([subscription('pulse', Date.now(), amountMinor)]);
      await sleep(500);
    }
  })();
  return async (): Promise<void> => {
    stop.abort();
    await done;
  };
};

/** What the alerts of a team are that fire now. */
const firing = async ({ query }: Monitoring, team: string): Promise<readonly string[]> => {
  const alerts = await query(`ALERTS{alertstate="firing",team="${team}"}`);
  return alerts.map(({ metric }) => `${metric.alertname} ${metric.severity}`);
};

const expectAnswers = async (monitoring: Monitoring): Promise<void> => {
  const without: string[] = [];
  for (const board of Object.values(boards())) {
    for (const { title, expr } of questionsOf(board, PACE.interval)) {
      const answers = await monitoring.query(expr);
      for (const { value } of answers) expect(value, title).not.toBeNaN();
      if (answers.length === 0) without.push(title);
    }
    for (const { selector, label } of choicesOf(board)) {
      const chosen = await monitoring.query(
        `count by (${label}) (${selector.replace('$dimension', 'segment')})`,
      );
      expect(chosen.length, selector).toBeGreaterThan(0);
    }
  }
  expect(without.filter((title) => NO_ANSWER[title] === undefined)).toEqual([]);
};

describeWithServices('alerts and boards', (services) => {
  it('a dip is told within a minute, silence is told as staleness, and boards have answers', async ({
    skip,
  }) => {
    const missing = await missingOf(['prometheus', 'promtool', await alertmanagerProgram()]);
    if (missing !== null) skip(`there is no ${missing}`);
    await using pipe = await openPipe(services(), {
      policy: { dimensions: ['segment', 'region', 'owner'] },
    });
    const now = Date.now();
    await pipe.produce(past(now));
    await using processor = await startProcessor(pipe, null);
    await using exporter = await startExporter(pipe, null);
    const scraped = await vi.waitFor(async () => {
      const seen = await scrape(exporter.url);
      expect(asOfOf(seen)).toBeDefined();
      expect(seen.sum('holdfast_input_lag_events')).toBe(0);
      return seen;
    }, SOON);
    const { pace, interval: _, ...every } = PACE;
    await using monitoring = await startMonitoring({
      exporter: exporter.url,
      processor: processor.url,
      past: pastOf(scraped, pipe.identity.generation, Math.floor(now / 1000)),
      pace,
      ...every,
    });
    let silence = keepSaying(pipe);
    try {
      await vi.waitFor(async () => {
        expect(await monitoring.query('holdfast:trusted == 1')).toHaveLength(1);
      }, MINUTES);
      await vi.waitFor(() => expectAnswers(monitoring), MINUTES);
      // Members roll up to the total that the exporter shows.
      const total = scraped.value('holdfast_net_revenue_retention_ratio', {
        window: 'P12M',
        dimension: 'all',
      });
      const nrr = questionsOf(boards()['retention.json']!, '1m').find(
        ({ title }) => title === 'NRR',
      );
      expect((await monitoring.query(nrr!.expr))[0]?.value).toBeCloseTo(total!, 4);
      expect(await firing(monitoring, 'revenue')).toEqual([]);
      // Staleness may have been told before the first figures were there.
      await vi.waitFor(
        async () => expect(await firing(monitoring, 'platform')).toEqual([]),
        MINUTES,
      );

      // Three large customers leave.
      const left = Date.now();
      const ended = { status: 'ended', items: [] } as const;
      await pipe.produce(LARGE.map((name) => subscription(name, left, 0, ended)));
      await vi.waitFor(async () => {
        expect(await monitoring.told()).toContain('HoldfastNetRetentionDip');
      }, MINUTE);
      console.log(`the dip was told after ${Math.round((Date.now() - left) / 1000)} s`);
      expect(await firing(monitoring, 'revenue')).toContain('HoldfastNetRetentionDip critical');

      // They come back.
      await pipe.produce(LARGE.map((name) => subscription(name, left + 1, LARGE_MINOR)));
      await vi.waitFor(
        async () => expect(await firing(monitoring, 'revenue')).toEqual([]),
        MINUTES,
      );

      // The input stops.
      const stopped = Date.now();
      await silence();
      silence = async () => undefined;
      await vi.waitFor(async () => {
        expect(await monitoring.told()).toContain('HoldfastInputStale');
      }, MINUTES);
      const since = Math.floor((Date.now() - stopped) / 1000);
      console.log(`staleness was told after ${since} s`);
      const spoke = await monitoring.query(
        `count_over_time(ALERTS{alertstate="firing",team="revenue"}[${since}s])`,
      );
      expect(spoke).toEqual([]);
    } finally {
      await silence();
    }
  });
});

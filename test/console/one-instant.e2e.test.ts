/**
 * One run, one instant: what the page shows, what the API answers, what the gauges say and what
 * `holdfast report` makes of the same events is the same, to the minor unit.
 */

import { formatChangeLine } from '@holdfast/contracts/json-change.ts';
import { instant } from '@holdfast/domain/scalars.ts';
import { simulateCompany } from '@holdfast/simulation/company.ts';
import { describeWithServices } from '@holdfast/testkit/services.ts';
import type { Page } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import { call, folder } from '../../services/cli/src/testing.ts';
import { companyFeed } from '../../services/standalone/src/company-feed.ts';
import { presentOf, retentionOf } from '../e2e/gauges.ts';
import { clockAt, startExporter, startLedger, startProcessor } from '../e2e/in-process.ts';
import { openPipe, SOON } from '../e2e/pipe.ts';
import { asOfOf, type Scrape, scrape } from '../e2e/scrape.ts';
import { chromiumPath, MISSING, openBrowser, openPage, settled } from './browser.ts';
import { cellsOf, cents, percent } from './reading.ts';

const NOW = Date.parse('2026-11-22T10:00:00.123Z');
const BEGAN = Date.parse('2024-06-01T00:00:00Z');
const AS_OF = new Date(NOW).toISOString();
const WINDOWS = { P1M: '1 month', P3M: '3 months', P12M: '12 months' } as const;
const POLICY = { dimensions: ['segment', 'owner'] };

interface Row {
  readonly dimension: string;
  readonly member: string;
  readonly opening_arr_minor: number;
  readonly churned_arr_minor: number;
  readonly contraction_arr_minor: number;
  readonly expansion_arr_minor: number;
  readonly closing_arr_minor: number;
  readonly opening_customers: number;
  readonly retained_customers: number;
  readonly nrr: number | null;
  readonly grr: number | null;
  readonly logo_retention: number | null;
  readonly arr_minor: number;
}

/** What the gauges say in place of a row of the report; who has no ARR now has no gauge of it. */
const gaugesOf = (row: Row, scraped: Scrape, window: string): object => {
  const { dimension, member } = row;
  const present = presentOf(scraped, 'USD', { dimension, member });
  return {
    dimension,
    member,
    ...retentionOf(scraped, 'USD', { window, dimension, member }),
    ...Object.fromEntries(Object.entries(present).map(([field, value]) => [field, value ?? 0])),
  };
};

const shownAs = (ratio: number | null): string => (ratio === null ? '—' : percent(ratio));

/** Each figure of the page that has the window and the members of both dimensions. */
const expectShown = async (page: Page, title: string, rows: readonly Row[]): Promise<void> => {
  const all = rows.find(({ dimension }) => dimension === 'all') as Row;
  expect(await page.locator('.context').innerText()).toContain('22 Nov 2026, 10:00:00 UTC');
  expect(await page.locator('.card .figure').allInnerTexts()).toEqual([
    shownAs(all.nrr),
    shownAs(all.grr),
    shownAs(all.logo_retention),
    `$${(all.arr_minor / 100 / 1_000_000).toFixed(1)}M`,
  ]);
  const { opening_arr_minor: opening, closing_arr_minor: closing } = all;
  const moved = [
    ['Churn', -all.churned_arr_minor],
    ['Contraction', -all.contraction_arr_minor],
    ['Expansion', all.expansion_arr_minor],
  ] as const;
  // Where each is under a twentieth of the opening, the change alone is drawn.
  const large = moved.some(([, amount]) => Math.abs(amount) * 20 >= opening);
  const parts = await cellsOf(page, `What made it so: ${title}`);
  expect(parts.map(([name, amount = '']) => [name, cents(amount)])).toEqual(
    large
      ? [['Opening', opening], ...moved, ['Closing', closing]]
      : [...moved, ['Change', closing - opening]],
  );
  for (const dimension of POLICY.dimensions) {
    const shown = await cellsOf(page, `By ${dimension}`);
    const wanted = rows.filter((row) => row.dimension === dimension);
    expect(new Map(shown.map(([member, nrr = '']) => [member, nrr.split(' ')[0]]))).toEqual(
      new Map(wanted.map(({ member, nrr }) => [member, shownAs(nrr)])),
    );
  }
};

const path = chromiumPath();

describeWithServices(
  `page, API, gauges and report${path === null ? `: ${MISSING}` : ''}`,
  (services) => {
    test.skipIf(path === null)('say the same of one instant', async () => {
      const files = folder();
      const clock = clockAt(NOW);
      await using pipe = await openPipe(services(), { policy: POLICY });
      const company = simulateCompany({ seed: 11, customers: 90, from: instant(BEGAN) });
      const records = companyFeed(company)(NOW);
      await pipe.produce(records);
      await using exporter = await startExporter(pipe, clock);
      await using _processor = await startProcessor(pipe, clock);
      await using ledger = await startLedger(pipe, clock, files.path('ledger.duckdb'));
      const browser = await openBrowser(path as string);
      try {
        const get = async <Answer>(of: string): Promise<Answer> =>
          (await (await fetch(`${ledger.url}${of}`)).json()) as Answer;
        const events = files.write(
          'events.jsonl',
          records.map((one) => `${formatChangeLine(one)}\n`).join(''),
        );
        const policy = files.write('policy.json', JSON.stringify(POLICY));
        const reported = async (window: string, by: readonly string[]): Promise<readonly Row[]> => {
          const asked = [
            '--events',
            events,
            '--policy',
            policy,
            '--as-of',
            AS_OF,
            '--window',
            window,
          ];
          const { exit, out } = await call(['report', ...asked, ...by, '--json']);
          expect(exit).toBe(0);
          const answer = JSON.parse(out) as { as_of: string; rows: Row[] };
          expect(answer.as_of).toBe(AS_OF);
          return answer.rows;
        };

        await vi.waitFor(async () => {
          expect(await get('/v1/status')).toMatchObject({ as_of: AS_OF, lag_events: 0 });
          expect(asOfOf(await scrape(exporter.url))).toBe(NOW);
        }, SOON);
        const scraped = await scrape(exporter.url);
        const { page, faults } = await openPage(browser);
        for (const [window, title] of Object.entries(WINDOWS)) {
          const rows: Row[] = [];
          for (const dimension of ['all', ...POLICY.dimensions]) {
            const by = dimension === 'all' ? [] : ['--by', dimension];
            const report = await reported(window, by);
            const asked = `/v1/retention?window=${window}&by=${dimension}`;
            expect(await get(asked)).toMatchObject({ as_of: AS_OF, rows: report });
            for (const row of report.filter(({ opening_arr_minor }) => opening_arr_minor > 0)) {
              expect(gaugesOf(row, scraped, window)).toEqual(row);
            }
            rows.push(...report);
          }
          expect(rows.length).toBeGreaterThan(6);
          await page.goto(`${ledger.url}/?window=${window}&table=1`);
          await settled(page);
          await expectShown(page, title, rows);
        }
        expect(faults).toEqual([]);
      } finally {
        await browser.close();
        files.remove();
      }
    });
  },
);

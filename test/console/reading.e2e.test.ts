/** The console in a real Chromium, over the real API: what it shows, and how one gets to the event. */

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  chromiumPath,
  MISSING,
  openBrowser,
  openPage,
  type Sight,
  saidByUrl,
  seriousFaults,
  settled,
  widthOf,
} from './browser.ts';
import { cellsOf, cents, percent } from './reading.ts';
import { openWorld, type World } from './world.ts';

interface Row {
  readonly member: string;
  readonly opening_arr_minor: number;
  readonly churned_arr_minor: number;
  readonly contraction_arr_minor: number;
  readonly expansion_arr_minor: number;
  readonly closing_arr_minor: number;
  readonly opening_customers: number;
  readonly nrr: number;
  readonly grr: number;
  readonly logo_retention: number;
}
interface Rows {
  readonly rows: readonly Row[];
}

const path = chromiumPath();

describe.skipIf(path === null)(`the console${path === null ? `: ${MISSING}` : ''}`, () => {
  let world: World;
  let browser: Browser;
  beforeAll(async () => {
    world = await openWorld({ customers: 250 });
    browser = await openBrowser(path as string);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.[Symbol.asyncDispose]();
  });

  /** Opens a view, and ends with nothing that the browser complained about. */
  const at = async (
    view: string,
    body: (page: Page) => Promise<void>,
    sight: Sight = {},
  ): Promise<void> => {
    const { page, faults } = await openPage(browser, sight);
    try {
      await page.goto(`${world.url}${view}`);
      await settled(page);
      await body(page);
      expect(faults).toEqual([]);
    } finally {
      await page.context().close();
    }
  };
  test('every figure of the first page is the API’s at that instant', () =>
    at('/?as_of=2026-08-31&table=1', async (page) => {
      const all = await world.get<Rows>('/v1/retention?window=P12M&as_of=2026-08-31');
      const [row] = all.rows as [Row];
      expect(await page.locator('.card .figure').allInnerTexts()).toEqual([
        percent(row.nrr),
        percent(row.grr),
        percent(row.logo_retention),
        expect.stringMatching(/^\$\d+\.\dM$/),
      ]);
      expect(await page.locator('h1').innerText()).toContain(`NRR is ${percent(row.nrr)}`);

      expect(await page.locator('.context').innerText()).toContain('31 Aug 2026, 23:59:59 UTC');
      const parts = await cellsOf(page, 'What made it so: 12 months');
      const amounts = parts.map(([name, amount = '']) => [name, cents(amount)]);
      expect(amounts).toEqual([
        ['Opening', row.opening_arr_minor],
        ['Churn', -row.churned_arr_minor],
        ['Contraction', -row.contraction_arr_minor],
        ['Expansion', row.expansion_arr_minor],
        ['Closing', row.closing_arr_minor],
      ]);
      // To the cent.
      const [opening, churn, contraction, expansion, closing] = amounts.map(([, sum]) =>
        Number(sum),
      );
      expect(opening! + churn! + contraction! + expansion!).toBe(closing);

      for (const dimension of ['segment', 'owner']) {
        const { rows } = await world.get<Rows>(
          `/v1/retention?window=P12M&as_of=2026-08-31&by=${dimension}`,
        );
        const shown = await cellsOf(page, `By ${dimension}`);
        expect(new Map(shown.map(([member, nrr]) => [member, nrr]))).toEqual(
          new Map(
            rows.map(({ member, nrr, opening_customers }) => [
              member,
              nrr === null ? '—' : `${percent(nrr)}${opening_customers < 20 ? ' small base' : ''}`,
            ]),
          ),
        );
        const bases = shown.map(([, , , base = '']) => cents(base));
        expect(bases).toEqual([...bases].sort((a, b) => b - a));
      }

      const history = await world.get<{ points: { open: boolean; rows: Row[] }[] }>(
        '/v1/retention/history?window=P12M&every=P1M&from=2024-08-01&to=2026-09-01',
      );
      const months = (await cellsOf(page, 'Month by month')).slice(0, history.points.length);
      // The date is a month's end: it is the last point, and no open one follows.
      expect(months.at(-1)?.[0]).toBe('Aug 2026');
      expect(months.length).toBeGreaterThanOrEqual(24);
      expect(months.map(([, nrr]) => nrr)).toEqual(
        history.points.map(({ rows: [point] }) => (point === undefined ? '—' : percent(point.nrr))),
      );
    }));

  test('clicks lead from NRR to the event in four', () =>
    at('/', async (page) => {
      await page.locator('a.card.main').click();
      await page.locator('.tabs').getByText('Churn').click();
      await page.locator('section[aria-label=Customers] tbody th a').first().click();
      const event = page.locator('section[aria-label=Events] tbody th a').first();
      const id = await event.innerText();
      // Why, each reason once, however many products it is of.
      for (const row of await cellsOf(page, 'Events')) {
        const reasons = row.at(-1)?.split(', ') ?? [];
        expect(new Set(reasons).size).toBe(reasons.length);
      }
      await event.click();
      expect(await page.locator('.facts').first().innerText()).toContain(id);
      expect(await page.locator('.path li').count()).toBe(4);
      const customer = (await saidByUrl(page)).get('customer');
      const story = await world.get<{ steps: { cause: { event_id: string } }[] }>(
        `/v1/customers/${customer}`,
      );
      expect(story.steps.map(({ cause }) => cause.event_id)).toContain(id);
    }));

  test('keys lead there too, and Escape back', () =>
    at('/', async (page) => {
      const level = async (): Promise<string> => `${await saidByUrl(page)}`;
      const reader = page.getByRole('slider', { name: 'Parts of the figure' });
      await reader.focus();
      await page.keyboard.press('ArrowRight');
      expect(await reader.getAttribute('aria-valuetext')).toMatch(
        /^Churn −\$[\d,.]+ \(−[\d.]+pt\)$/,
      );
      await page.keyboard.press('Enter');
      await page.locator('section[aria-label=Customers] tbody th a').first().focus();
      await page.keyboard.press('Enter');
      const steps = page.getByRole('slider', { name: 'Steps of ARR' });
      await steps.focus();
      await page.keyboard.press('Enter');
      await page.locator('.facts').first().waitFor();
      expect(await level()).toMatch(/^part=churned&customer=.+&event=.+/);
      for (const expected of [/^part=churned&customer=[^&]+$/, /^part=churned$/, /^$/]) {
        await page.keyboard.press('Escape');
        expect(await level()).toMatch(expected);
      }
      await page.locator('section[aria-label="By segment"]').waitFor();
    }));

  test('single keys choose window, date, knowledge and tables; typing does not', () =>
    at('/', async (page) => {
      const said = async (name: string): Promise<string | null> =>
        (await saidByUrl(page)).get(name);
      await page.keyboard.press('1');
      expect(await said('window')).toBe('P1M');
      await page.keyboard.press('{');
      expect(await said('as_of')).toBe('2026-10-31');
      await page.keyboard.press('[');
      expect(await said('as_of')).toBe('2026-10-30');
      await page.keyboard.press('k');
      expect(await said('known')).toBe('then');
      await page.keyboard.press('n');
      expect(await said('as_of')).toBeNull();
      await settled(page);
      await page.keyboard.press('t');
      await page.locator('figure table').first().waitFor();
      await page.keyboard.press('/');
      const search = page.getByRole('textbox', { name: 'name or id' });
      await search.fill('nk1');
      expect(await said('window')).toBe('P1M');
      await page.keyboard.press('Escape');
      await search.waitFor({ state: 'detached' });
      await page.keyboard.press('?');
      await page.getByLabel('single keys act').uncheck();
      await page.keyboard.press('Escape');
      await page.keyboard.press('3');
      expect(await said('window')).toBe('P1M');
    }));

  test('keys that follow each other faster than the page is drawn all count', () =>
    at('/', async (page) => {
      await page.evaluate(
        `for (const key of ['1', '{', 'k']) dispatchEvent(new KeyboardEvent('keydown', { key }))`,
      );
      expect(`${await saidByUrl(page)}`).toBe('window=P1M&as_of=2026-10-31&known=then');
    }));

  test('a pasted URL reopens the view', async () => {
    let url = '';
    let text = '';
    const shown = (page: Page): Promise<string> => page.locator('main').innerText();
    await at('/?as_of=2026-08-31&window=P3M', async (page) => {
      await page.getByRole('slider', { name: 'Parts of the figure' }).focus();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      await page.locator('section[aria-label=Customers] tbody th a').first().click();
      await page.locator('section[aria-label=Events]').waitFor();
      await settled(page);
      url = `/?${await saidByUrl(page)}`;
      text = await shown(page);
    });
    await at(url, async (page) => {
      await page.locator('section[aria-label=Events]').waitFor();
      await expect.poll(() => shown(page)).toBe(text);
      expect(await page.locator('.banner.past').innerText()).toContain('31 Aug 2026');
    });
  });

  test('as known then, the difference and its events are the API’s', async () => {
    interface Restated {
      readonly known: Row;
      readonly corrected: Row;
      readonly event_count: number;
      readonly events: readonly { readonly event_id: string }[];
    }
    const feed = await world.get<{ rows: { effective_at: string; known_at: string }[] }>(
      '/v1/movements/feed?limit=500',
    );
    // What became known on a later day than it holds from was not known at the end of that day.
    const days = feed.rows
      .filter(({ effective_at, known_at }) => known_at.slice(0, 10) > effective_at.slice(0, 10))
      .map(({ effective_at }) => effective_at.slice(0, 10));
    let restated: Restated | undefined;
    let day = '';
    for (day of new Set(days)) {
      restated = await world.get<Restated>(
        `/v1/explain/restated?window=P12M&definition=point_to_point&as_of=${day}`,
      );
      if (restated.events.length > 0) break;
    }
    if (restated === undefined) throw new Error('the company corrected nothing');
    const { known, corrected, event_count, events } = restated;
    expect(events.length).toBeGreaterThan(0);
    await at(`/?as_of=${day}&known=then`, async (page) => {
      expect(await page.locator('a.card.main .figure').innerText()).toBe(percent(known.nrr));
      const link = page.locator('.banner.past a').first();
      expect(await link.innerText()).toContain(`${event_count} event`);
      await link.click();
      const rows = await cellsOf(page, 'Late and corrected');
      expect(rows.map(([id]) => id)).toEqual(events.map(({ event_id }) => event_id));
      await page.keyboard.press('k');
      await settled(page);
      expect(await page.locator('a.card.main .figure').innerText()).toBe(percent(corrected.nrr));
    });
  });

  test('where nothing was open there is a dash and the first possible date, never 0% or NaN', () =>
    at('/?as_of=2024-02-29', async (page) => {
      const figures = await page.locator('.card .figure').allInnerTexts();
      expect(figures.slice(0, 3)).toEqual(['—', '—', '—']);
      const text = await page.locator('main').innerText();
      expect(text).toContain('first possible');
      expect(text).not.toMatch(/NaN|Infinity|\b0\.0%/);
    }));

  const VIEWS = [
    '/',
    '/?table=1',
    '/?window=P1M&as_of=2026-09-30&known=then',
    '/?part=churned',
    '/?quality=1',
    '/?by=segment&member=smb',
  ];

  test('axe finds nothing serious in light and dark, and nothing scrolls sideways at 320 px', async () => {
    const story = `/?part=churned&customer=${await anyCustomer()}`;
    let event = '';
    await at(story, async (page) => {
      const view = async (path: string): Promise<void> => {
        await page.setViewportSize({ width: 1_280, height: 900 });
        await page.goto(`${world.url}${path}`);
        await settled(page);
        await page.locator('.panel table, .panel svg, .facts').first().waitFor();
        expect(await seriousFaults(page), path).toEqual([]);
        await page.setViewportSize({ width: 320, height: 640 });
        await page.locator('.panel table, .panel svg[width="266"], .facts').first().waitFor();
        expect(await widthOf(page), path).toBe(320);
        await page.mouse.wheel(0, 900);
        expect(await page.locator('.brand').isVisible()).toBe(true);
      };
      event = await page.locator('section[aria-label=Events] tbody th a').first().innerText();
      for (const path of [...VIEWS, story, `${story}&event=${event}`]) await view(path);
    });
  });

  const anyCustomer = async (): Promise<string> => {
    const { rows } = await world.get<{ rows: { customer_id: string }[] }>(
      '/v1/explain?window=P12M&part=churned&limit=1',
    );
    return rows[0]?.customer_id ?? '';
  };

  test('printed in grey, signs, sides and hatches still tell gain from loss', () =>
    at('/', async (page) => {
      const chart = page.locator('section[aria-label^="What made it so"] .plot');
      await chart.waitFor();
      const labels = (await chart.locator('text').allTextContents()).filter((text) =>
        /pt$/.test(text),
      );
      expect(labels.map((text) => text[0])).toEqual(['−', '−', '+']);
      const fills = await chart
        .locator('[aria-label=bar] rect')
        .evaluateAll((bars) => bars.map((bar) => bar.getAttribute('fill')));
      expect(fills).toEqual([
        'var(--total)',
        'var(--loss)',
        'url(#hatch-loss)',
        'var(--gain)',
        'var(--total)',
      ]);
      // Below: gains stand above the line of zero, losses hang below it, and the legend says which.
      const legend = await page.locator('.legend .key').allInnerTexts();
      expect(legend.map((text) => text[0])).toEqual(['+', '+', '−', '−']);
      const flows = page.locator('section[aria-label="Month by month"] .plot').nth(1);
      const zero = Number(await flows.locator('[aria-label=rule] line').getAttribute('y1'));
      for (const bar of await flows.locator('[aria-label=bar] rect').all()) {
        const y = Number(await bar.getAttribute('y'));
        const isGain = /gain/.test((await bar.getAttribute('fill')) ?? '');
        expect(isGain ? y < zero : y >= zero - 0.5).toBe(true);
      }
    }));

  test('each chart is one tab stop with a caption, and its arrows read points', () =>
    at('/', async (page) => {
      await page.locator('.plot').nth(3).waitFor();
      const figures = await page.locator('figure').all();
      expect(figures.length).toBeGreaterThanOrEqual(5);
      for (const figure of figures) {
        expect((await figure.locator('figcaption').innerText()).length).toBeGreaterThan(5);
        expect(await figure.locator('[tabindex="0"], a, button, input').count()).toBe(1);
      }
      const months = page.getByRole('slider', { name: /^Months/ });
      await months.focus();
      const now = await months.getAttribute('aria-valuetext');
      await page.keyboard.press('ArrowLeft');
      expect(await months.getAttribute('aria-valuetext')).not.toBe(now);
      await page.keyboard.press('Enter');
      expect((await saidByUrl(page)).get('as_of')).toBe('2026-10-31');
      expect(await page.locator('[aria-live=polite]').count()).toBe(1);
    }));
});

/** The console while things change or go wrong: live, read, stale, cut off, empty, locked. */

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, MISSING, openBrowser, openPage, settled } from './browser.ts';
import { openWorld, type World, type WorldOptions } from './world.ts';

const path = chromiumPath();

describe.skipIf(path === null)(`the console${path === null ? `: ${MISSING}` : ''}`, () => {
  let world: World;
  let browser: Browser;
  beforeAll(async () => {
    world = await openWorld({ customers: 200 });
    browser = await openBrowser(path as string);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.[Symbol.asyncDispose]();
  });

  const visit = async (url: string, body: (page: Page) => Promise<void>): Promise<void> => {
    const { page } = await openPage(browser);
    try {
      await page.goto(url);
      await body(page);
    } finally {
      await page.context().close();
    }
  };
  const within = async (options: WorldOptions, body: (page: Page) => Promise<void>) => {
    await using own = await openWorld(options);
    await visit(own.url, body);
  };
  const nrr = (page: Page): Promise<string> => page.locator('a.card.main .figure').innerText();

  test('follows what happens by itself, and lets new rows wait while a list is read', () =>
    visit(world.url, async (page) => {
      await settled(page);
      const feed = page.locator('section[aria-label="Latest movements"]');
      const before = await feed.locator('tbody').innerText();
      await feed.locator('tbody a').first().focus();
      await world.live(10);
      await feed.getByRole('button', { name: /^\d+ new$/ }).waitFor();
      expect(await feed.locator('tbody').innerText()).toBe(before);
      await page.locator('.context', { hasText: '2 Dec 2026' }).waitFor();
      await feed.getByRole('button', { name: /^\d+ new$/ }).click();
      await expect.poll(() => feed.locator('tbody').innerText()).not.toBe(before);
      const { rows } = await world.get<{ rows: { nrr: number }[] }>('/v1/retention?window=P12M');
      await expect.poll(() => nrr(page)).toBe(`${((rows[0]?.nrr ?? 0) * 100).toFixed(1)}%`);
    }));

  test('says when figures are old or far behind, dims them, shows no arrows, and keeps them', () =>
    visit(world.url, async (page) => {
      await settled(page);
      const shown = await nrr(page);
      expect(await page.locator('.stale-banner').count()).toBe(0);
      await world.age(61_000);
      await page.locator('.stale-banner', { hasText: 'Stale.' }).waitFor();
      expect(await page.locator('main').getAttribute('class')).toContain('dimmed');
      expect(await page.locator('.card [aria-hidden]').count()).toBe(0);
      expect(await nrr(page)).toBe(shown);
      await world.age(400);
      await world.lag(20_000);
      await page.locator('.stale-banner', { hasText: '20,000 events not read yet' }).waitFor();
      await world.lag(0);
      await page.locator('.stale-banner').waitFor({ state: 'detached' });
    }));

  test('keeps the last figures with their age when the stream ends, and reconnects', () =>
    visit(world.url, async (page) => {
      await settled(page);
      const shown = await nrr(page);
      await world.cut();
      await page.locator('.stale-banner', { hasText: 'Reconnecting.' }).waitFor();
      expect(await page.locator('.age').innerText()).toMatch(/RECONNECTING.*s/s);
      expect(await nrr(page)).toBe(shown);
      // What is asked for now fails: it says so, and what holds.
      await page.keyboard.press('1');
      await page.getByRole('alert').first().waitFor();
      expect(await nrr(page)).toBe(shown);
      await world.mend();
      await page.locator('.age.live').waitFor();
      await page.locator('.stale-banner').waitFor({ state: 'detached' });
      await page.locator('main[aria-busy=false] .context', { hasText: '1 month to' }).waitFor();
      expect(await page.getByRole('alert').count()).toBe(0);
    }));

  test('says that it reads while the first figures are on their way', () =>
    visit('about:blank', async (page) => {
      const asked = Promise.withResolvers<void>();
      await page.route('**/v1/retention?*', async (route) => {
        await asked.promise;
        await route.continue();
      });
      await page.goto(world.url);
      const reading = page.getByText('Reading the figures.');
      await reading.waitFor();
      asked.resolve();
      await settled(page);
      expect(await reading.count()).toBe(0);
    }));

  test('before anything arrived it says what feeds it, and shows no zeros', () =>
    within({ customers: 0 }, async (page) => {
      await page.getByText('pnpm holdfast produce').waitFor();
      expect(await page.locator('main').innerText()).not.toMatch(/0%|\$0|NaN/);
    }));

  test('marks the month in which a restatement was put in force, and says what it changed', async () => {
    await using own = await openWorld({ customers: 20 });
    const marks = async (page: Page): Promise<readonly string[]> => {
      await settled(page);
      const months = page.locator('section[aria-label="Month by month"]');
      await months.locator('.plot').first().waitFor();
      return months.getByText('◆').allTextContents();
    };
    await visit(own.url, async (page) => expect(await marks(page)).toEqual([]));
    await own.restate('new rates');
    await visit(own.url, async (page) => {
      expect(await marks(page)).toEqual([
        '◆',
        expect.stringMatching(/◆ Nov 2026: restated by new rates, 2 changes from \w+ 2026 on\./),
      ]);
    });
  });

  test('asks for the token of a locked server, and keeps it for the tab', () =>
    within({ customers: 20, token: 'open sesame' }, async (page) => {
      await page.getByLabel('Token of this server').fill('wrong');
      await page.getByRole('button', { name: 'Open' }).click();
      await page.getByLabel('Token of this server').fill('open sesame');
      await page.getByRole('button', { name: 'Open' }).click();
      await settled(page);
      await page.reload();
      await settled(page);
    }));
});

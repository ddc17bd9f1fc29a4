/** Debian's Chromium for tests, and what they ask of a page. */

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import axe, { type AxeResults, type Result, type RunOptions } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Where it is; null: nowhere on the PATH. */
export function chromiumPath(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const there = (path: string): boolean => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  };
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(there) ?? null;
}

export const MISSING = 'there is no chromium (on Debian: apt-get install chromium)';

/** `--no-sandbox`: CI runs as root; it opens our own pages only. */
export const openBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: ['--no-sandbox'] });

export interface Sight {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
}

/** A page of its own; whatever the browser finds fault with is thrown when the page is closed. */
export async function openPage(
  browser: Browser,
  { width = 1_280, height = 900, dark = false }: Sight = {},
): Promise<{ readonly page: Page; readonly faults: readonly string[] }> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  return { page, faults };
}

/**
 * What the page's URL says, asked of the page itself: the browser tells Playwright of a new URL on
 * another way than of the key that was pressed, so `page.url()` may still be the one before.
 */
export const saidByUrl = async (page: Page): Promise<URLSearchParams> =>
  new URLSearchParams(await page.evaluate<string>('location.search'));

/** Waits until the figures of the view are there, the months too. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector('main[aria-busy=false] .cards');
  await page.waitForSelector('.tall', { state: 'detached' });
}

/** The rules whose answer depends on colours: all that the dark theme can differ in. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/** What axe finds serious, or worse, in the light theme and then in the dark, which stays. */
export async function seriousFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const faults = async (options: RunOptions): Promise<readonly string[]> => {
    // Of what passes axe would describe every element.
    const asked = JSON.stringify({ ...options, resultTypes: ['violations'] });
    const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${asked})`);
    return violations
      .filter(({ impact }: Result) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  };
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await faults({});
  await page.emulateMedia({ colorScheme: 'dark' });
  return [...light, ...(await faults({ runOnly: COLOUR_RULES }))];
}

export const widthOf = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth');

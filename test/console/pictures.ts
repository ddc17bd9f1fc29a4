/**
 * `pnpm pictures`: takes the README's pictures of the console from a simulated company that stands
 * still, so that they are the same each time. Needs chromium.
 */

import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromiumPath, MISSING, openBrowser, openPage, type Sight, settled } from './browser.ts';
import { openWorld } from './world.ts';

const FOLDER = fileURLToPath(new URL('../../docs/images/', import.meta.url));

const PICTURES: Readonly<Record<string, Sight>> = {
  'console.png': { width: 1_200, height: 940 },
  'console-phone-dark.png': { width: 390, height: 1_000, dark: true },
};

const path = chromiumPath();
if (path === null) throw new Error(MISSING);
await mkdir(FOLDER, { recursive: true });
await using world = await openWorld({ customers: 2_000 });
const browser = await openBrowser(path);
try {
  for (const [name, sight] of Object.entries(PICTURES)) {
    const { page } = await openPage(browser, sight);
    await page.goto(world.url);
    await settled(page);
    await page.locator('.plot').nth(3).waitFor();
    await page.screenshot({ path: `${FOLDER}${name}` });
    await page.context().close();
  }
} finally {
  await browser.close();
}

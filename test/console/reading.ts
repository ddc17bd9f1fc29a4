/** What a test reads off the console's page. */

import type { Page } from 'playwright-core';

export const percent = (ratio: number): string => `${(ratio * 100).toFixed(1)}%`;

/** $1,234.56 or −$1,234.56 in cents. */
export const cents = (text: string): number =>
  Number(text.replace('−', '-').replace(/[^\d-]/g, ''));

/** The rows of a panel's table. */
export const cellsOf = async (
  page: Page,
  panel: string,
): Promise<readonly (readonly string[])[]> => {
  const rows = await page.locator(`section[aria-label="${panel}"] tbody tr`).all();
  return Promise.all(rows.map((row) => row.locator('th, td').allInnerTexts()));
};

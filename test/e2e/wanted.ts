/** Holds what a pipe shows against the rows of a case file: named fields only, in the file's words. */

import { expect } from 'vitest';
import type { Row, WantedAt } from './cases.ts';
import { type Figures, openMembersOf, presentOf, retentionOf } from './gauges.ts';
import type { Scrape } from './scrape.ts';

const ALL = { dimension: 'all', member: 'all' } as const;
const RATIOS = ['nrr', 'grr', 'logo_retention'];
const ISO = /^\d{4}-\d\d-\d\dT/;

/** The fields that are wanted, as they are found: sums exactly, ratios to 9 decimals. */
const expectFigures = (found: Figures, wanted: Row): void => {
  for (const [field, value] of Object.entries(wanted)) {
    if (field === 'dimension' || field === 'member') continue;
    expect(Object.keys(found), field).toContain(field);
    const shown = found[field];
    if (RATIOS.includes(field) && typeof value === 'number') {
      expect(shown, field).toBeCloseTo(value, 9);
    } else if (value === null) expect(shown, field).toBeUndefined();
    // A row in which nothing is open and nothing present has no gauges at all.
    else expect(shown ?? 0, field).toBe(value);
  }
};

/** What a case wants of the gauges at one instant. */
export const expectGauges = (scraped: Scrape, currency: string, at: WantedAt): void => {
  if (at.kind === 'arr') {
    const { arr_minor } = at.wanted;
    expectFigures(presentOf(scraped, currency, ALL), { arr_minor });
    return;
  }
  const { window, by, rows } = at.wanted;
  for (const row of rows) {
    const members = by === undefined ? ALL : { dimension: by, member: String(row.member) };
    const found = {
      ...retentionOf(scraped, currency, { window, ...members }),
      ...presentOf(scraped, currency, members),
    };
    expectFigures(found, row);
  }
  if (by === undefined) return;
  const open = rows.filter(({ opening_arr_minor }) => opening_arr_minor !== 0);
  expect(openMembersOf(scraped, window, by)).toEqual(open.map(({ member }) => member).sort());
};

/** The field names and instants of the case files. */
const onWire = (value: unknown, field = ''): unknown => {
  if (Array.isArray(value)) return value.map((each) => onWire(each));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => {
        const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
        return [snake, onWire(inner, snake)];
      }),
    );
  }
  if (field.endsWith('_at') && typeof value === 'number') return new Date(value).toISOString();
  return typeof value === 'string' && ISO.test(value) ? new Date(value).toISOString() : value;
};

/** As many rows as are wanted, each with the fields that are. */
export const expectRows = (found: readonly object[], wanted: readonly Row[]): void => {
  expect(found.map((row) => onWire(row))).toMatchObject(wanted.map((row) => onWire(row)) as Row[]);
  expect(found).toHaveLength(wanted.length);
};

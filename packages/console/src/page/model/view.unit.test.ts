import { expect, test } from 'vitest';
import { FIRST_VIEW, readView, up, type View, writeView } from './view.ts';

const DEEP: View = {
  window: 'P3M',
  definition: 'no_returners',
  scope: { dimension: 'segment', member: 'R&D = "odd", ü' },
  asOf: '2026-05-31',
  known: true,
  table: true,
  part: 'churned',
  customer: 'c/1?&',
  event: 'e 1',
  quality: false,
};

test('a view and its URL are the same thing', () => {
  for (const view of [FIRST_VIEW, DEEP, { ...FIRST_VIEW, quality: true }]) {
    expect(readView(writeView(view).slice(1))).toEqual(view);
  }
  expect(writeView(FIRST_VIEW)).toBe('/');
});

test('an instant opens too, as links from boards carry it', () => {
  expect(readView('?as_of=2026-05-31T10:00:00.000Z').asOf).toBe('2026-05-31T10:00:00.000Z');
});

test('what a URL says wrongly is as if unsaid', () => {
  const said = '?window=year&definition=mine&by=segment&as_of=2026-02-30&part=x&event=e';
  expect(readView(said)).toEqual(FIRST_VIEW);
});

test('Escape leads from the event up to all customers, a level at a time', () => {
  const levels: string[] = [];
  let view: View = DEEP;
  for (let next = up(view); writeView(next) !== writeView(view); next = up(view)) {
    view = next;
    levels.push([view.part, view.customer, view.event, view.scope?.dimension].join(' '));
  }
  expect(levels).toEqual(['churned c/1?&  segment', 'churned   segment', '   segment', '   ']);
});

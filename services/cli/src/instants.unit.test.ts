import { timeZone } from '@holdfast/domain/time-zone.ts';
import { expect, it } from 'vitest';
import { readInstant } from './instants.ts';

const iso = (text: string, ofDay: 'first' | 'last', zone = 'America/New_York'): string =>
  new Date(readInstant('as-of', text, timeZone(zone), ofDay)).toISOString();

it('reads an instant with an offset as it stands, to the millisecond', () => {
  expect(iso('2026-03-08T02:30:00.1239+01:00', 'last')).toBe('2026-03-08T01:30:00.123Z');
});

it('reads a date alone as the first or last millisecond of that day in the time zone', () => {
  expect(iso('2026-03-08', 'first')).toBe('2026-03-08T05:00:00.000Z');
  // That day has 23 hours there.
  expect(iso('2026-03-08', 'last')).toBe('2026-03-09T03:59:59.999Z');
  expect(iso('9999-12-31', 'last', 'UTC')).toBe('9999-12-31T23:59:59.999Z');
});

it.each(['9999-12-31', '1970-01-01'])(
  'refuses %s where it lies outside the years 1970 to 9999',
  (text) => {
    const [zone, ofDay] =
      text < '2' ? ['Asia/Tokyo', 'first' as const] : ['America/New_York', 'last' as const];
    expect(() => iso(text, ofDay, zone)).toThrow('want an instant in the years 1970 to 9999');
  },
);

it.each(['2026-02-29', '2026-3-8', '20260308', 'today', '', '2026-03-08T10:00'])(
  'refuses "%s"',
  (text) => {
    expect(() => iso(text, 'last')).toThrow(`--as-of "${text}"; want ISO 8601 with an offset`);
  },
);

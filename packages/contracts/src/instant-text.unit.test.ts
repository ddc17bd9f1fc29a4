/** ISO 8601 with an offset: what is an instant, and what only looks like one. */

import { instant } from '@holdfast/domain/scalars.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInstant, parseInstant } from './instant-text.ts';

describe('the text of an instant', () => {
  it.each([
    ['2026-01-31T09:30:00Z', Date.UTC(2026, 0, 31, 9, 30)],
    ['2026-01-31T09:30Z', Date.UTC(2026, 0, 31, 9, 30)],
    ['2026-01-31T09:30:00.5Z', Date.UTC(2026, 0, 31, 9, 30, 0, 500)],
    ['2026-01-31T09:30:00,25Z', Date.UTC(2026, 0, 31, 9, 30, 0, 250)],
    ['2026-01-31T09:30:59.999999999Z', Date.UTC(2026, 0, 31, 9, 30, 59, 999)],
    ['2026-01-31T09:30:00+05:30', Date.UTC(2026, 0, 31, 4, 0)],
    ['2026-01-31T09:30:00-0330', Date.UTC(2026, 0, 31, 13, 0)],
    ['2026-01-31T09:30:00+09', Date.UTC(2026, 0, 31, 0, 30)],
    ['2024-02-29T23:59:59-12:00', Date.UTC(2024, 2, 1, 11, 59, 59)],
    ['1969-12-31T23:59:59.9999Z', -1],
    ['0001-01-01T00:00:00Z', -62_135_596_800_000],
  ])('%s is read', (text, ms) => {
    expect(parseInstant(text)).toBe(ms);
  });

  it.each([
    ['no offset', '2026-01-31T09:30:00'],
    ['a date alone', '2026-01-31'],
    ['30 February', '2026-02-30T00:00:00Z'],
    ['29 February of no leap year', '2025-02-29T00:00:00Z'],
    ['29 February 1900', '1900-02-29T00:00:00Z'],
    ['31 April', '2026-04-31T00:00:00Z'],
    ['month 0', '2026-00-10T00:00:00Z'],
    ['month 13', '2026-13-10T00:00:00Z'],
    ['day 0', '2026-01-00T00:00:00Z'],
    ['hour 24', '2026-01-31T24:00:00Z'],
    ['minute 60', '2026-01-31T09:60:00Z'],
    ['second 60', '2026-01-31T09:30:60Z'],
    ['a point without digits', '2026-01-31T09:30:00.Z'],
    ['a fraction of a minute', '2026-01-31T09:30.5Z'],
    ['a blank for T', '2026-01-31 09:30:00Z'],
    ['text behind', '2026-01-31T09:30:00Z '],
    ['text before', ' 2026-01-31T09:30:00Z'],
    ['an offset of 24 hours', '2026-01-31T09:30:00+24:00'],
    ['an offset of 60 minutes', '2026-01-31T09:30:00+01:60'],
    ['half an offset', '2026-01-31T09:30:00+1'],
    ['an offset cut off', '2026-01-31T09:30:00+01:'],
    ['five digits of a year', '12026-01-31T09:30:00Z'],
    ['other digits', '٢٠٢٦-01-31T09:30:00Z'],
    ['nothing', ''],
  ])('with %s is refused', (_, text) => {
    expect(parseInstant(text)).toBeNull();
  });

  it('comes back as it went, from 1970 to 9999, in whatever offset it is written', () => {
    const any = fc.integer({ min: 0, max: Date.UTC(9999, 11, 30) });
    fc.assert(
      fc.property(any, fc.integer({ min: -23 * 60, max: 23 * 60 }), (ms, offset) => {
        expect(parseInstant(formatInstant(instant(ms)))).toBe(ms);
        const local = new Date(ms + offset * 60_000).toISOString().slice(0, -1);
        const size = Math.abs(offset);
        const sign = offset < 0 ? '-' : '+';
        const two = (n: number) => String(n).padStart(2, '0');
        const shifted = `${local}${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
        if (/^\d{4}-/.test(local)) expect(parseInstant(shifted)).toBe(ms);
      }),
    );
  });
});

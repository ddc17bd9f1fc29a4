import { describe, expect, it } from 'vitest';
import { DAY_MS } from './civil-date.ts';
import { isTimeZone, timeZone } from './time-zone.ts';

const number = (date: string): number => Date.parse(date) / DAY_MS;
const iso = (at: number): string => new Date(at).toISOString().replace(':00.000Z', 'Z');
const date = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

const startOf = (zone: string, day: string): string => iso(timeZone(zone).startOf(number(day)));
/** The date that an instant belongs to, and the instants from and to which it lasts. */
const dayAt = (zone: string, at: string) => {
  const { day, start, end, dip } = timeZone(zone).dayAt(Date.parse(at));
  const span = `${date(day)}: ${iso(start)} to ${iso(end)}`;
  return dip === null ? span : `${span}, again the day before ${iso(dip.from)} to ${iso(dip.to)}`;
};

describe('a time zone', () => {
  it('is one that the tz database knows', () => {
    expect(isTimeZone('Europe/Berlin')).toBe(true);
    expect(isTimeZone('UTC')).toBe(true);
    expect(isTimeZone('Mars/Base')).toBe(false);
    expect(isTimeZone('')).toBe(false);
    expect(timeZone('Asia/Kathmandu').name).toBe('Asia/Kathmandu');
  });

  it.each([
    ['UTC', '2026-01-01', '2026-01-01T00:00Z'],
    ['Asia/Kathmandu', '2026-01-01', '2025-12-31T18:15Z'],
    ['America/New_York', '2026-01-01', '2026-01-01T05:00Z'],
    ['Europe/Berlin', '2024-03-31', '2024-03-30T23:00Z'],
    ['Europe/Berlin', '2024-04-01', '2024-03-31T22:00Z'],
    // Forward over midnight: the day begins at 01:00.
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00Z'],
    ['America/Havana', '2024-03-10', '2024-03-10T05:00Z'],
    // Back at midnight: the day before has its last hour twice.
    ['America/Sao_Paulo', '2018-02-18', '2018-02-18T03:00Z'],
    // Back from 01:00 to midnight: the first midnight begins the day.
    ['America/Havana', '2024-11-03', '2024-11-03T04:00Z'],
    // Back at 00:01 to 23:01 of the day before: the first midnight begins the day.
    ['America/St_Johns', '2009-11-01', '2009-11-01T02:30Z'],
    ['Antarctica/Casey', '2010-03-05', '2010-03-04T13:00Z'],
    // Dates that were skipped begin where the next one does.
    ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00Z'],
    ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00Z'],
    ['Pacific/Kwajalein', '1993-08-21', '1993-08-21T12:00Z'],
    ['Pacific/Kwajalein', '1993-08-22', '1993-08-21T12:00Z'],
  ])('%s begins %s at %s', (zone, day, start) => {
    expect(startOf(zone, day)).toBe(start);
  });

  it.each([
    ['UTC', '2026-01-31T23:59:59.999Z', '2026-01-31: 2026-01-31T00:00Z to 2026-02-01T00:00Z'],
    ['UTC', '2026-02-01T00:00:00Z', '2026-02-01: 2026-02-01T00:00Z to 2026-02-02T00:00Z'],
    ['Europe/Berlin', '2024-03-31T12:00:00Z', '2024-03-31: 2024-03-30T23:00Z to 2024-03-31T22:00Z'],
    ['Europe/Berlin', '2024-03-30T22:59:59Z', '2024-03-30: 2024-03-29T23:00Z to 2024-03-30T23:00Z'],
    ['Europe/Berlin', '2024-10-27T22:59:59Z', '2024-10-27: 2024-10-26T22:00Z to 2024-10-27T23:00Z'],
    ['Pacific/Apia', '2011-12-30T09:59:59Z', '2011-12-29: 2011-12-29T10:00Z to 2011-12-30T10:00Z'],
    ['Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-31: 2011-12-30T10:00Z to 2011-12-31T10:00Z'],
    [
      'America/Sao_Paulo',
      '2018-02-18T02:59:59Z',
      '2018-02-17: 2018-02-17T02:00Z to 2018-02-18T03:00Z',
    ],
    [
      'America/Havana',
      '2024-11-03T05:30:00Z',
      '2024-11-03: 2024-11-03T04:00Z to 2024-11-04T05:00Z',
    ],
  ])('%s has at %s the day %s', (zone, at, day) => {
    expect(dayAt(zone, at)).toBe(day);
  });

  it.each([
    ['America/St_Johns', '2009-11-01T02:30:00Z'],
    ['America/St_Johns', '2009-11-01T03:00:00Z'],
    ['America/St_Johns', '2009-11-01T20:00:00Z'],
  ])('%s at %s is in the day that dips back into the one before', (zone, at) => {
    expect(dayAt(zone, at)).toBe(
      '2009-11-01: 2009-11-01T02:30Z to 2009-11-02T03:30Z, ' +
        'again the day before 2009-11-01T02:31Z to 2009-11-01T03:30Z',
    );
  });

  it('went back by three hours over midnight in Casey, two hours into the day', () => {
    expect(dayAt('Antarctica/Casey', '2010-03-04T15:30:00Z')).toBe(
      '2010-03-05: 2010-03-04T13:00Z to 2010-03-05T16:00Z, ' +
        'again the day before 2010-03-04T15:00Z to 2010-03-04T16:00Z',
    );
  });

  it('answers the same whatever was asked before', () => {
    const zone = timeZone('Pacific/Apia');
    const instants = [0, 1325, 1324, 15_338, 15_337, 15_339, -1, 20_000].map((day) => day * DAY_MS);
    const answers = instants.map((at) => timeZone('Pacific/Apia').dayAt(at));
    expect(instants.map((at) => zone.dayAt(at))).toEqual(answers);
    expect(instants.toReversed().map((at) => zone.dayAt(at))).toEqual(answers.toReversed());
  });

  it.each([
    ['UTC', 2012],
    ['Europe/Berlin', 2024],
    ['Pacific/Apia', 2011],
    ['America/St_Johns', 2009],
    ['Antarctica/Casey', 2010],
  ])('%s has every hour of %i in exactly one day, days without a gap', (name, year) => {
    const zone = timeZone(name);
    const wrong: string[] = [];
    let before = zone.dayAt(Date.UTC(year, 0));
    for (let at = Date.UTC(year, 0); at < Date.UTC(year + 1, 0); at += 3_600_000) {
      const day = zone.dayAt(at);
      if (day.start > at || at >= day.end) wrong.push(`${iso(at)} outside its day`);
      if (day !== before && day.start !== before.end) wrong.push(`${iso(at)} beside a gap`);
      before = day;
    }
    expect(wrong).toEqual([]);
  });
});

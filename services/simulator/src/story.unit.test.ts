import type { ChangeRecord } from '@holdfast/domain/records.ts';
import { instant } from '@holdfast/domain/scalars.ts';
import { simulateCompany } from '@holdfast/simulation/company.ts';
import { describe, expect, it } from 'vitest';
import { beginningFor, SPEED, story } from './story.ts';

const PRESENT = instant(Date.UTC(2026, 10, 22, 12));
const DAY = 86_400_000;

const take = (present: number, count: number): readonly ChangeRecord[] =>
  story(instant(present)).take(count).toArray();

/** So many that some of them lie in the present's future, whatever the random life. */
const RECORDS = take(PRESENT, 30_000);
const past = RECORDS.filter(({ recordedAt }) => recordedAt <= PRESENT);
const live = RECORDS.slice(past.length);

describe('the story of the simulated company', () => {
  it('begins two to three years back and comes up to the present', () => {
    expect(beginningFor(PRESENT)).toBe(Date.UTC(2024, 0, 1));
    expect(past[0]?.recordedAt).toBeGreaterThanOrEqual(Date.UTC(2024, 0, 1));
    expect(past.at(-1)?.recordedAt).toBeGreaterThan(PRESENT - DAY);
    expect(live.length).toBeGreaterThan(1_000);
  });

  it('tells what is past as it was', () => {
    const life = simulateCompany({
      seed: 20_260_101,
      customers: 2_000,
      from: beginningFor(PRESENT),
    });
    expect(past).toEqual(life.take(past.length).toArray());
  });

  it('is the same for every start in one year, so that a second one repeats the first', () => {
    const later = take(PRESENT + 7 * DAY, past.length);
    expect(later).toEqual(past);
  });

  it('goes on in order, so much faster than the company lives', () => {
    const times = RECORDS.map(({ recordedAt }) => recordedAt);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const simulated = simulateCompany({
      seed: 20_260_101,
      customers: 2_000,
      from: beginningFor(PRESENT),
    })
      .drop(past.length)
      .take(live.length)
      .toArray();
    for (const [index, record] of live.entries()) {
      const meant = simulated[index]!;
      const since = Math.ceil((meant.recordedAt - PRESENT) / SPEED);
      expect(record.recordedAt).toBe(PRESENT + since);
      expect(record.effectiveAt - record.recordedAt).toBe(meant.effectiveAt - meant.recordedAt);
    }
  });

  it('keeps the order and distance of scheduled phases, and repetitions equal', () => {
    let scheduled = 0;
    const seen = new Map<string, ChangeRecord>();
    for (const record of live) {
      const key = `${record.source}/${record.eventId}/${record.recordedAt}`;
      if (seen.has(key)) expect(record).toEqual(seen.get(key));
      seen.set(key, record);
      if (record.type === 'customer_changed') continue;
      for (const phase of record.scheduled) {
        scheduled += 1;
        expect(phase.effectiveAt).toBeGreaterThan(record.effectiveAt);
      }
    }
    expect(scheduled).toBeGreaterThan(0);
    expect(seen.size).toBeLessThan(live.length);
  });
});

/**
 * The life of the simulated company as the wall clock sees it: its past as it was, and from the
 * present on the same life told faster, for a real company of this size changes once an hour.
 * Reads no clock.
 */

import type { ChangeRecord } from '@holdfast/domain/records.ts';
import { type Instant, instant } from '@holdfast/domain/scalars.ts';
import { simulateCompany } from '@holdfast/simulation/company.ts';

const COMPANY = { seed: 20_260_101, customers: 2_000 } as const;

/** A day of the company passes in six minutes: a change every quarter of a minute or so. */
export const SPEED = 240;

/**
 * The first day of the year before last, UTC: two to three years of past. The same for every start
 * in one year, so that a simulator that is started again repeats itself instead of telling another
 * life; what is repeated changes nothing.
 */
export const beginningFor = (now: number): Instant =>
  instant(Date.UTC(new Date(now).getUTCFullYear() - 2, 0, 1));

/** Records by recorded_at; those after `present` moved, all of their instants alike. */
export function* story(present: Instant): Generator<ChangeRecord, never, void> {
  for (const record of simulateCompany({ ...COMPANY, from: beginningFor(present) })) {
    yield record.recordedAt <= present ? record : movedCloser(record, present);
  }
  throw new TypeError('the company came to an end');
}

/** Equal records stay equal, for the move depends on nothing but recorded_at. */
const movedCloser = (record: ChangeRecord, present: Instant): ChangeRecord => {
  const by = Math.floor((record.recordedAt - present) * (1 - 1 / SPEED));
  const moved = (at: Instant): Instant => instant(at - by);
  const common = { recordedAt: moved(record.recordedAt), effectiveAt: moved(record.effectiveAt) };
  if (record.type === 'customer_changed') return { ...record, ...common };
  const scheduled = record.scheduled.map((phase) => ({
    ...phase,
    effectiveAt: moved(phase.effectiveAt),
  }));
  return { ...record, ...common, scheduled };
};

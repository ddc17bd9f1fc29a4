import { expect, test } from 'vitest';
import type { Status } from './answers.ts';
import { freshnessOf, type Heard, NOTHING_HEARD } from './freshness.ts';

const STATUS: Status = {
  as_of: '2026-11-22T10:00:00.000Z',
  generation: 'g',
  reporting_currency: 'USD',
  time_zone: 'UTC',
  windows: ['P12M'],
  dimensions: [],
  first_effective_at: '2024-01-01T00:00:00.000Z',
  simulated: false,
  complete: true,
  lag_events: 0,
  age_seconds: 0.4,
  last_record_at: null,
  events: null,
  dead_letters: null,
  deltas: 1,
  customers: 1,
};
const NOW = 1_000_000;
const heard = (status: Partial<Status>, more: Partial<Heard> = {}): Heard => ({
  status: { ...STATUS, ...status },
  statusAt: NOW - 1_000,
  heardAt: NOW - 1_000,
  connected: true,
  ...more,
});
const of = (what: Heard) => freshnessOf(what, NOW);

test('the age goes on by the wall clock since the server said it', () => {
  expect(of(heard({}))).toEqual({ state: 'live', ageSeconds: 1.4, why: null });
  expect(freshnessOf(heard({}), NOW + 5_000).ageSeconds).toBe(6.4);
});

test('a minute of age, lag, silence or a gap makes figures stale', () => {
  expect(of(heard({ age_seconds: 59.1 })).why).toBe('Figures are 1 min old.');
  expect(of(heard({ age_seconds: 58.9 })).state).toBe('live');
  expect(of(heard({ lag_events: 12_000 })).why).toBe('12,000 events not read yet.');
  expect(of(heard({}, { heardAt: NOW - 21_000 })).why).toBe('Nothing heard for 21s.');
  expect(of(heard({ complete: false })).state).toBe('stale');
});

test('a lost connection keeps the last figures with their age', () => {
  expect(of(heard({}, { connected: false }))).toEqual({
    state: 'cut_off',
    ageSeconds: 1.4,
    why: 'No connection. Figures are 1.4s old.',
  });
});

test('before anything came there is nothing to be stale', () => {
  expect(of(NOTHING_HEARD).state).toBe('connecting');
});

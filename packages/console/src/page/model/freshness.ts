/** Whether the page can be believed to show the present, by the wall's clock. */

import type { Status } from './answers.ts';
import { age, counted } from './format.ts';

/** What the stream has told. Wall times in ms. */
export interface Heard {
  readonly status: Status | null;
  /** When the status came; null: none came yet. */
  readonly statusAt: number | null;
  /** When anything came last, a heartbeat too. */
  readonly heardAt: number | null;
  readonly connected: boolean;
}

export const NOTHING_HEARD: Heard = {
  status: null,
  statusAt: null,
  heardAt: null,
  connected: false,
};

export interface Freshness {
  readonly state: 'connecting' | 'live' | 'stale' | 'cut_off';
  /** Of the figures; null: none yet. */
  readonly ageSeconds: number | null;
  /** Why it is not live. */
  readonly why: string | null;
}

const STALE_SECONDS = 60;
const STALE_LAG = 10_000;
/** The stream says something each 5 s, and a heartbeat at least each 15. */
const SILENT_SECONDS = 20;

export function freshnessOf(heard: Heard, now: number): Freshness {
  const { status, statusAt, heardAt, connected } = heard;
  if (status === null || statusAt === null || heardAt === null) {
    return { state: 'connecting', ageSeconds: null, why: null };
  }
  const ageSeconds = (status.age_seconds ?? 0) + Math.max(now - statusAt, 0) / 1_000;
  const is = (state: Freshness['state'], why: string | null): Freshness => ({
    state,
    ageSeconds,
    why,
  });
  if (!connected) return is('cut_off', `No connection. Figures are ${age(ageSeconds)} old.`);
  const silence = (now - heardAt) / 1_000;
  if (silence > SILENT_SECONDS) return is('stale', `Nothing heard for ${age(silence)}.`);
  if (ageSeconds >= STALE_SECONDS) return is('stale', `Figures are ${age(ageSeconds)} old.`);
  if ((status.lag_events ?? 0) >= STALE_LAG) {
    return is('stale', `${counted(status.lag_events ?? 0, 'event')} not read yet.`);
  }
  if (!status.complete) return is('stale', 'The ledger misses part of the deltas.');
  return is('live', null);
}

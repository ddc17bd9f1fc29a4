/**
 * Which faults a schedule has, and how many. Each schedule draws some kinds and leaves the others
 * out, so that a few faults at a time meet often, and not all of them always.
 */

import type { Random } from '@holdfast/simulation/random.ts';

/** What may go wrong with one call; the chance of each. */
export interface CallFaults {
  /** The server never saw it; the caller learns that. */
  readonly refused: number;
  /** The server never saw it; the caller can't tell. */
  readonly requestLost: number;
  /** The server did it; the caller can't tell. */
  readonly replyLost: number;
  /** The caller gave it up; the server does it later. */
  readonly late: number;
  /** The server does it twice. */
  readonly twice: number;
  /** A request or a reply takes long. */
  readonly slow: number;
}

export const INCIDENTS = [
  'append',
  'leap',
  'crash',
  'restart',
  'stop',
  'join',
  'leave',
  'rebalance',
  'outage',
  'fail_over',
  'lose_all',
  'fork_returns',
  'site_lost',
  'clock',
  'store_clock',
  'control_record',
] as const;
export type Incident = (typeof INCIDENTS)[number];

export interface Weather {
  readonly calls: CallFaults;
  /** Weights; an incident that is not in it never happens. */
  readonly incidents: Readonly<Partial<Record<Incident, number>>>;
  /** The chance of an incident before a step. */
  readonly unrest: number;
}

const CALM: CallFaults = {
  refused: 0,
  requestLost: 0,
  replyLost: 0,
  late: 0,
  twice: 0,
  slow: 0,
};

/** Faults that come in kinds: all incidents of a kind are in a schedule, or none. */
const KINDS: readonly Weather['incidents'][] = [
  { crash: 2, restart: 3 },
  { stop: 2, rebalance: 1 },
  { join: 2, leave: 1, rebalance: 2 },
  { outage: 2 },
  { fail_over: 2 },
  { fail_over: 3, fork_returns: 3, outage: 1 },
  { site_lost: 2, fork_returns: 2 },
  { lose_all: 1 },
  { clock: 2, store_clock: 1 },
  { control_record: 1 },
];

const ALWAYS: Weather['incidents'] = { append: 8, leap: 2 };

export const weather = (random: Random): Weather => {
  const incidents: Partial<Record<Incident, number>> = { ...ALWAYS };
  const share = random.pick([0.15, 0.3, 0.6]);
  for (const kind of KINDS) if (random.chance(share)) Object.assign(incidents, kind);
  const calls = { ...CALM };
  for (const fault of Object.keys(calls) as (keyof CallFaults)[]) {
    if (random.chance(0.5)) calls[fault] = random.pick([0.01, 0.03, 0.1]);
  }
  return { calls, incidents, unrest: random.pick([0.03, 0.08, 0.15]) };
};

/** Nothing goes wrong any more. */
export const FAIR: Weather = { calls: CALM, incidents: {}, unrest: 0 };

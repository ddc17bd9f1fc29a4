/**
 * Asking for topics that may be new. Each question goes to any of the brokers, and brokers hear of a
 * topic one after the other, so one that knows none, or no leader of it, is no verdict at once.
 */

import { faultOf, passes } from './faults.ts';
import { persist, within } from './patience.ts';

/** A broker that has heard nothing for 9 s (`broker.session.timeout.ms`) takes part no more. */
export const SPREAD_WITHIN_MS = 10_000;

const FIRST_WAIT_MS = 20;
const LONGEST_WAIT_MS = 500;

/** The first answer of a broker that knows them; the last error where none does within `withinMs`. */
export const untilSpread = <T>(attempt: () => Promise<T>, withinMs: number): Promise<T> =>
  persist(attempt, {
    until: within(withinMs),
    passes: (error) => passes(error) || faultOf(error) === 'missing',
    between: async () => {},
    firstWaitMs: FIRST_WAIT_MS,
    longestWaitMs: LONGEST_WAIT_MS,
  });

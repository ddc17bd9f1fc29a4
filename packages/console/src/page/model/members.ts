/** A dimension's members beside each other, the greatest base first. */

import type { RetentionRow } from './answers.ts';
import { type FigureState, figureState } from './state.ts';

export interface Member {
  readonly name: string;
  readonly nrr: number | null;
  readonly grr: number | null;
  /** Opening ARR. */
  readonly base: number;
  readonly customers: number;
  readonly state: FigureState;
}

export const membersOf = (rows: readonly RetentionRow[]): readonly Member[] =>
  rows
    .map((row) => ({
      name: row.member,
      nrr: row.nrr,
      grr: row.grr,
      base: row.opening_arr_minor ?? 0,
      customers: row.opening_customers ?? 0,
      state: figureState(row),
    }))
    .sort((a, b) => b.base - a.base || a.name.localeCompare(b.name));

/** The lowest with a sound base below the whole, else null. */
export const weakest = (members: readonly Member[]): Member | null =>
  members
    .filter(({ state }) => state === 'sound')
    .reduce<Member | null>(
      (low, member) => (low === null || (member.nrr ?? 0) < (low.nrr ?? 0) ? member : low),
      null,
    );

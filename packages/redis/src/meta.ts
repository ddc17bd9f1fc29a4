/**
 * The hash `meta` and what it says. `lua/empty-meta.lua` names the same fields for the writers.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { PartitionMeta } from '@holdfast/pipeline/ports.ts';
import { number } from './reply.ts';

/** Raised when the stored state changes so that older code would misread it. */
export const FORMAT = '3';

/** Throws `format_newer` for state of a newer version, `store_corrupt` for what is none. */
export const checkFormat = (stored: string | null): void => {
  if (stored === FORMAT) return;
  if (stored !== null && Number(stored) > Number(FORMAT)) {
    throw new HoldfastError('format_newer', `format ${stored}, this version knows ${FORMAT}`);
  }
  throw new HoldfastError('store_corrupt', `the format of the stored state is ${stored}`);
};

export interface StoredMeta {
  readonly meta: PartitionMeta;
  /** Random text of the claim that stands. */
  readonly claim: string;
  /** The Redis process it was claimed from. */
  readonly runId: string;
  readonly buckets: number;
  readonly customers: number;
  /** Forgetting the state has begun and has to be finished. */
  readonly discarding: boolean;
}

/** @param firstDue the least score of the due buckets, or null. */
export const readMeta = (
  fields: ReadonlyMap<string, string>,
  firstDue: string | null,
): StoredMeta => {
  checkFormat(fields.get('format') ?? null);
  const word = (name: string): string => {
    const value = fields.get(name);
    if (value === undefined) throw new HoldfastError('store_corrupt', `meta lacks ${name}`);
    return value;
  };
  const count = (name: string): number => number(word(name), name);
  return {
    meta: {
      incarnation: word('incarnation'),
      policyHash: word('policy_hash'),
      epoch: count('epoch'),
      commitNumber: count('number'),
      commitId: word('id'),
      boundary: { nextOffset: count('next_offset'), asOf: count('as_of') },
      firstDue: firstDue === null ? null : number(firstDue, 'first due'),
      nextSequence: count('next_sequence'),
      publishedCommit: count('published_commit'),
      output: { deltaOffset: count('delta_offset'), deadLetterOffset: count('dead_letter_offset') },
      caughtUp: word('caught_up') === '1',
      inputEnd: count('input_end'),
      lastRecordAt: count('last_record_at'),
    },
    claim: word('claim'),
    runId: word('run_id'),
    buckets: count('buckets'),
    customers: count('customers'),
    discarding: word('discarding') === '1',
  };
};

/** Refuses what no store may take, before anything is written; the same as the script of Redis. */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { Commit } from '@holdfast/pipeline/ports.ts';
import type { Folded } from './store-state.ts';

const refuse = (text: string): never => {
  throw new HoldfastError('store_refused', text);
};

/** From 0 to 2^53 - 1. */
export const checkWhole = (value: number, name: string): void => {
  if (!Number.isSafeInteger(value) || value < 0) refuse(`${name} is ${value}`);
};

const checkForward = (stored: number, next: number, name: string): void => {
  checkWhole(next, name);
  if (next < stored) refuse(`${name} goes back`);
};

export const checkDues = (dues: readonly { readonly due: number | null }[]): void => {
  for (const { due } of dues) if (due !== null) checkWhole(due, 'due');
};

export const checkCommit = (stored: Folded, commit: Commit): void => {
  checkForward(stored.boundary.asOf, commit.boundary.asOf, 'as-of');
  checkForward(stored.boundary.nextOffset, commit.boundary.nextOffset, 'next offset');
  checkForward(stored.nextSequence, commit.nextSequence, 'next sequence');
  checkForward(stored.publishedCommit, commit.publishedCommit, 'published commit');
  if (commit.publishedCommit > commit.number) refuse('published commit is not made yet');
  checkWhole(commit.output.deltaOffset, 'delta offset');
  checkWhole(commit.output.deadLetterOffset, 'dead-letter offset');
  checkWhole(commit.inputEnd, 'input end');
  checkWhole(commit.lastRecordAt, 'last record at');
  checkDues(commit.customers);
  checkDues(commit.dueGroups);
  for (const { after } of commit.losses) checkWhole(after, 'loss');
  for (const [name, value] of commit.counters) {
    if (!Number.isFinite(value)) refuse(`counter ${name} is ${value}`);
  }
};

/**
 * The difference of two net ledgers, as deltas that lead from one to the other: what is in force and
 * differs is retracted as it was said, what should be in force is asserted. A plain sum over the log
 * is the old ledger's before it and the new one's after it.
 */

import type { Change } from '@holdfast/domain/changes.ts';
import type { RecordCause } from '@holdfast/domain/customer.ts';
import type { Delta } from '@holdfast/domain/delta.ts';
import { type DeltaWriter, inverseOf } from '@holdfast/pipeline/deltas.ts';
import type { Ledger } from './audit/ledger.ts';

/** A change that folding says, with the record that brought it. */
export interface Said {
  readonly change: Change;
  readonly cause: RecordCause;
}

export type Restated =
  | { readonly op: 'repeat'; readonly delta: Delta }
  | { readonly op: 'say'; readonly said: Said };

/**
 * By effective_at and customer, a retraction before what replaces it. Where nothing differs, the last
 * delta is taken back and said again: the log must say that the generation has changed.
 */
export function restatementOf(
  published: Ledger<Delta>,
  folded: Ledger<Said>,
  last: Delta | null,
): readonly Restated[] {
  const restated: { readonly at: Place; readonly one: Restated }[] = [];
  for (const [key, found] of published) {
    const wanted = folded.get(key);
    if (wanted?.content === found.content && wanted.cause === found.cause) continue;
    const delta = found.origin;
    const at = { effectiveAt: delta.effectiveAt, key, order: 0 };
    restated.push({ at, one: { op: 'repeat', delta: inverseOf(delta) } });
  }
  for (const [key, wanted] of folded) {
    const found = published.get(key);
    if (found?.content === wanted.content && found.cause === wanted.cause) continue;
    const at = { effectiveAt: effectiveAtOf(wanted.origin.change), key, order: 1 };
    restated.push({ at, one: { op: 'say', said: wanted.origin } });
  }
  if (restated.length > 0) return restated.sort(inOrder).map(({ one }) => one);
  if (last === null) return [];
  return [
    { op: 'repeat', delta: inverseOf(last) },
    { op: 'repeat', delta: last },
  ];
}

interface Place {
  readonly effectiveAt: number;
  readonly key: string;
  readonly order: number;
}

const effectiveAtOf = (change: Change): number =>
  change.kind === 'movement' ? change.movement.effectiveAt : change.classification.effectiveAt;

const inOrder = ({ at: a }: { readonly at: Place }, { at: b }: { readonly at: Place }): number =>
  a.effectiveAt - b.effectiveAt ||
  (a.key < b.key ? -1 : Number(a.key > b.key)) ||
  a.order - b.order;

/** The records' own causes and instants stay: a restatement is no new knowledge. */
export function writeRestatement(
  writer: DeltaWriter,
  restated: readonly Restated[],
  input: { readonly topic: string; readonly partition: number },
): void {
  for (const one of restated) {
    if (one.op === 'repeat') {
      writer.repeat(one.delta);
      continue;
    }
    const { change, cause } = one.said;
    const { knownAt, ...record } = cause;
    writer.write(change, { ...record, ...input }, knownAt);
  }
}

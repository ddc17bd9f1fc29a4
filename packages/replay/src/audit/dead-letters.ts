/** Dead letters: headers whole, and each offset of the input once. */

import { REJECTION_REASONS, type RejectionReason } from '@holdfast/domain/rejection.ts';
import { DEAD_LETTER_HEADERS as NAME, numberHeader } from '@holdfast/pipeline/headers.ts';
import type { Machine } from '@holdfast/pipeline/partition.ts';
import type { PublishedRecord } from '@holdfast/pipeline/ports.ts';
import type { Prove } from './finding.ts';

export interface DeadLetter {
  readonly reason: RejectionReason;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
}

export interface DeadLetters {
  /** By the offset of the record that died. */
  readonly byOffset: ReadonlyMap<number, DeadLetter>;
  /** Where their log is read to. */
  readonly reached: number;
  take(letters: AsyncIterable<readonly PublishedRecord[]>): Promise<void>;
}

export const keepDeadLetters = (machine: Machine, partition: number, prove: Prove): DeadLetters => {
  const byOffset = new Map<number, DeadLetter>();
  let reached = 0;

  const takeOne = (letter: PublishedRecord): void => {
    const offset = numberHeader(letter, NAME.offset);
    const at = `the dead letter at ${letter.offset}`;
    prove(offset !== undefined, 'dead_letter', () => `${at} names no offset`);
    const where = { offset };
    const { [NAME.topic]: topic, [NAME.partition]: from } = letter.headers;
    prove(
      topic === machine.topic && from === String(partition),
      'dead_letter',
      () => `${at} is of ${topic}/${from}`,
      where,
    );
    const reason = REJECTION_REASONS.find((one) => one === letter.headers[NAME.reason]);
    prove(reason !== undefined, 'dead_letter', () => `${at} names no known reason`, where);
    prove(!byOffset.has(offset), 'dead_letter', () => `${at} is not the only one`, where);
    byOffset.set(offset, { reason, key: letter.key, value: letter.value });
    reached = letter.offset + 1;
  };

  return {
    byOffset,
    get reached() {
      return reached;
    },
    take: async (letters) => {
      for await (const page of letters) for (const letter of page) takeOne(letter);
    },
  };
};

/**
 * Writes the outbox entry of one commit delta by delta, each byte once: what is published are views
 * of it. The bytes are those that `encodeOutboxEntry` gives.
 */

import { ByteWriter } from '@holdfast/contracts/byte-writer.ts';
import type { DeltaCodec } from '@holdfast/contracts/codec.ts';
import type { Delta } from '@holdfast/domain/delta.ts';
import { HEADERS, headersOf } from './headers.ts';
import { beginEntry, beginFrame, endEntry, endFrame, writeRecord } from './outbox-entry.ts';
import type { Headers, OutputBatch, OutputRecord } from './ports.ts';

export interface OutboxWriter {
  /** Adds a delta, numbered one above the one before. */
  add(delta: Delta): void;
  /** Nothing can be added any more. */
  end(deadLetters: readonly OutputRecord[]): Outbox;
}

export interface Outbox {
  /** Null: there is nothing to publish. */
  readonly entry: Uint8Array | null;
  readonly batch: OutputBatch;
}

/** JSON of what the headers of a delta differ in from those of the one before. */
const BEFORE_SEQUENCE = Buffer.from(`{"${HEADERS.sequence}":"`);
const AFTER_SEQUENCE = '"}';

/** Grown by entries that are done: to grow one for each takes as long as to fill it. */
const idle: ByteWriter[] = [];
/** Several times what the records of one commit take; a restatement may take far more. */
const MOST_IDLE_BYTES = 16 * 1024 * 1024;

export function outboxWriter(
  codec: DeltaCodec,
  headers: Headers,
  firstSequence: number,
): OutboxWriter {
  const to = idle.pop() ?? new ByteWriter();
  let isEnded = false;
  /** Where the key, the value and the headers of each delta begin, behind the length of each. */
  const begins: number[] = [];
  let sequence = firstSequence;
  beginEntry(to);

  const add = (delta: Delta): void => {
    if (isEnded) throw new Error('an outbox entry has ended');
    const key = beginFrame(to);
    to.writeText(delta.customerId);
    endFrame(to, key);
    const value = beginFrame(to);
    codec.write(delta, to);
    endFrame(to, value);
    const difference = beginFrame(to);
    if (sequence === firstSequence) {
      to.writeText(JSON.stringify(headersOf({ key: null, value: null, headers, sequence })));
    } else {
      to.writeRaw(BEFORE_SEQUENCE);
      to.writeText(String(sequence));
      to.writeText(AFTER_SEQUENCE);
    }
    endFrame(to, difference);
    begins.push(key, value, difference);
    sequence += 1;
  };

  /** Where a frame ends, the length of the next one begins. */
  const view = (entry: Uint8Array, frame: number): Uint8Array => {
    const begin = begins[frame]!;
    const length = begins[frame + 1]! - 4 - begin;
    return new Uint8Array(entry.buffer, entry.byteOffset + begin, length);
  };

  const end = (deadLetters: readonly OutputRecord[]): Outbox => {
    if (isEnded) throw new Error("an outbox entry ends once: its writer is another one's by now");
    isEnded = true;
    const count = sequence - firstSequence;
    let before: Headers =
      count === 0 ? {} : headersOf({ key: null, value: null, headers, sequence: sequence - 1 });
    for (const letter of deadLetters) {
      writeRecord(to, letter, before);
      before = letter.headers;
    }
    const entry = endEntry(to, count, deadLetters.length);
    if (to.capacity <= MOST_IDLE_BYTES) idle.push(to);
    const deltas: OutputRecord[] = [];
    for (let index = 0; index < count; index += 1) {
      deltas.push({
        key: view(entry, 3 * index),
        value: view(entry, 3 * index + 1),
        headers,
        sequence: firstSequence + index,
      });
    }
    return {
      entry: count + deadLetters.length === 0 ? null : entry,
      batch: { deltas, deadLetters },
    };
  };

  return { add, end };
}

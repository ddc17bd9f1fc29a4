/**
 * What one commit publishes, as the store keeps it until the log has it: a byte for the format, the
 * numbers of deltas and dead letters, then for each record frames of key, value and headers. A
 * frame is its length and its bytes; a length of 2^32 - 1 stands for null. The headers of one record
 * are mostly those of the one before: only what differs is written. Numbers are big-endian.
 */

import { ByteWriter } from '@holdfast/contracts/byte-writer.ts';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import { toBytes, toText } from './bytes.ts';
import { headersOf } from './headers.ts';
import type { Headers, OutputBatch, OutputRecord } from './ports.ts';

const FORMAT = 1;
const HEAD_BYTES = 9;
const NULL_LENGTH = 0xffff_ffff;

/** What stands before the records; `endEntry` puts the numbers of records in. */
export function beginEntry(to: ByteWriter): void {
  to.reset();
  to.writeByte(FORMAT);
  to.writeUint32(0);
  to.writeUint32(0);
}

export function endEntry(to: ByteWriter, deltas: number, deadLetters: number): Uint8Array {
  to.replaceUint32(1, deltas);
  to.replaceUint32(5, deadLetters);
  return to.take();
}

/** A frame's length before its bytes are known; `endFrame` puts it in. */
export function beginFrame(to: ByteWriter): number {
  to.writeUint32(0);
  return to.length;
}

export const endFrame = (to: ByteWriter, begin: number): void =>
  to.replaceUint32(begin - 4, to.length - begin);

/** `before`: all headers of the record before. */
export function writeRecord(to: ByteWriter, record: OutputRecord, before: Headers): void {
  const difference = toBytes(differenceOf(before, headersOf(record)));
  for (const frame of [record.key, record.value, difference]) {
    to.writeUint32(frame === null ? NULL_LENGTH : frame.length);
    if (frame !== null) to.writeRaw(frame);
  }
}

export function encodeOutboxEntry({ deltas, deadLetters }: OutputBatch): Uint8Array {
  const to = new ByteWriter();
  beginEntry(to);
  let before: Headers = {};
  for (const record of [...deltas, ...deadLetters]) {
    writeRecord(to, record, before);
    before = headersOf(record);
  }
  return endEntry(to, deltas.length, deadLetters.length);
}

/** JSON of the headers that the record before has not, or has with another value; null: has not. */
function differenceOf(before: Headers, now: Headers): string {
  const difference: Record<string, string | null> = {};
  // What every object has, such as a constructor, is no text.
  for (const name in before) if (typeof now[name] !== 'string') difference[name] = null;
  for (const name in now) {
    const value = now[name] as string;
    if (before[name] !== value) difference[name] = value;
  }
  return JSON.stringify(difference);
}

function apply(before: Headers, text: string): Headers {
  const headers: Record<string, string> = { ...before };
  const difference = JSON.parse(text) as Record<string, string | null>;
  for (const [name, value] of Object.entries(difference)) {
    if (value === null) delete headers[name];
    else headers[name] = value;
  }
  return headers;
}

/** The bytes of an entry behind its format. Throws `format_newer` or `store_corrupt`. */
function checked(entry: Uint8Array): Buffer {
  const bytes = Buffer.from(entry.buffer, entry.byteOffset, entry.byteLength);
  const format = bytes.length < HEAD_BYTES ? 0 : bytes.readUInt8(0);
  if (format !== FORMAT) {
    const code = format > FORMAT ? 'format_newer' : 'store_corrupt';
    throw new HoldfastError(code, `an outbox entry has format ${format}`);
  }
  return bytes;
}

/** Reads frame after frame; undefined where the bytes end before the frame does. */
function framesOf(bytes: Buffer): () => Buffer | null | undefined {
  let at = HEAD_BYTES;
  return () => {
    if (at + 4 > bytes.length) return undefined;
    const length = bytes.readUInt32BE(at);
    at += 4;
    if (length === NULL_LENGTH) return null;
    at += length;
    return at > bytes.length ? undefined : bytes.subarray(at - length, at);
  };
}

/** Throws `format_newer` or `store_corrupt`. */
export function decodeOutboxEntry(entry: Uint8Array): OutputBatch {
  const bytes = checked(entry);
  const next = framesOf(bytes);
  const frame = (): Uint8Array | null => {
    const found = next();
    if (found === undefined) {
      throw new HoldfastError('store_corrupt', 'an outbox entry ends too early');
    }
    return found;
  };
  let headers: Headers = {};
  const record = (): OutputRecord => {
    const key = frame();
    const value = frame();
    headers = apply(headers, toText(frame() ?? toBytes('{}')));
    return { key, value, headers };
  };
  const deltas = Array.from({ length: bytes.readUInt32BE(1) }, record);
  const deadLetters = Array.from({ length: bytes.readUInt32BE(5) }, record);
  return { deltas, deadLetters };
}

/**
 * The first delta's headers, from the first bytes of an entry: null where it has no delta,
 * undefined where these bytes end too early to tell. Throws `format_newer` or `store_corrupt`.
 */
export function firstDeltaHeaders(start: Uint8Array): Headers | null | undefined {
  const bytes = checked(start);
  if (bytes.readUInt32BE(1) === 0) return null;
  const frame = framesOf(bytes);
  const [, , headers] = [frame(), frame(), frame()];
  return headers && apply({}, toText(headers));
}

/**
 * What one commit publishes, as the store keeps it until the log has it: a list of frames, each
 * length, bytes; a length of 2^32 - 1 stands for null. Numbers are big-endian.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import { toBytes, toText } from './bytes.ts';
import type { OutputBatch, OutputRecord } from './ports.ts';

const FORMAT = 1;
const NULL_LENGTH = 0xffff_ffff;

export function encodeOutboxEntry(batch: OutputBatch): Uint8Array {
  const frames: (Uint8Array | null)[] = [];
  for (const record of [...batch.deltas, ...batch.deadLetters]) {
    frames.push(record.key, record.value, toBytes(JSON.stringify(record.headers)));
  }
  const size = frames.reduce((sum, frame) => sum + 4 + (frame?.length ?? 0), 9);
  const bytes = Buffer.allocUnsafe(size);
  let at = bytes.writeUInt8(FORMAT, 0);
  at = bytes.writeUInt32BE(batch.deltas.length, at);
  at = bytes.writeUInt32BE(batch.deadLetters.length, at);
  for (const frame of frames) {
    at = bytes.writeUInt32BE(frame === null ? NULL_LENGTH : frame.length, at);
    if (frame === null) continue;
    bytes.set(frame, at);
    at += frame.length;
  }
  return bytes;
}

/** Throws `format_newer` or `store_corrupt`. */
export function decodeOutboxEntry(entry: Uint8Array): OutputBatch {
  const bytes = Buffer.from(entry.buffer, entry.byteOffset, entry.byteLength);
  const format = bytes.length < 9 ? 0 : bytes.readUInt8(0);
  if (format !== FORMAT) {
    const code = format > FORMAT ? 'format_newer' : 'store_corrupt';
    throw new HoldfastError(code, `an outbox entry has format ${format}`);
  }
  let at = 9;
  const frame = (): Uint8Array | null => {
    const length = at + 4 > bytes.length ? -1 : bytes.readUInt32BE(at);
    at += 4;
    if (length === NULL_LENGTH) return null;
    if (length < 0 || at + length > bytes.length) {
      throw new HoldfastError('store_corrupt', 'an outbox entry ends too early');
    }
    at += length;
    return bytes.subarray(at - length, at);
  };
  const record = (): OutputRecord => ({
    key: frame(),
    value: frame(),
    headers: JSON.parse(toText(frame() ?? toBytes('{}'))) as Record<string, string>,
  });
  const deltas = Array.from({ length: bytes.readUInt32BE(1) }, record);
  const deadLetters = Array.from({ length: bytes.readUInt32BE(5) }, record);
  return { deltas, deadLetters };
}

/**
 * Cuts records into sends that a broker takes: one send is one record batch, which topics refuse
 * above their `max.message.bytes`.
 */

import { type RecordToSend, recordSize } from './record-batch.ts';

/** Uncompressed. A record that is larger goes alone. */
export const MAX_SEND_BYTES = 512 * 1024;

export function* sendsOf(records: readonly RecordToSend[]): Generator<readonly RecordToSend[]> {
  let from = 0;
  let bytes = 0;
  for (const [index, record] of records.entries()) {
    const size = recordSize(record);
    if (index > from && bytes + size > MAX_SEND_BYTES) {
      yield records.slice(from, index);
      from = index;
      bytes = 0;
    }
    bytes += size;
  }
  if (from < records.length) yield records.slice(from);
}

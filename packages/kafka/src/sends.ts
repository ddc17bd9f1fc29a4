/**
 * Cuts records into sends that a broker takes: one send is one record batch, which topics refuse
 * above their `max.message.bytes`.
 */

import type { Headers, OutputRecord } from '@holdfast/pipeline/ports.ts';
import { headersSize, recordSize } from './record-batch.ts';

/** Uncompressed. A record that is larger goes alone. */
export const MAX_SEND_BYTES = 512 * 1024;

export function* sendsOf<Sent extends OutputRecord>(
  records: readonly Sent[],
): Generator<readonly Sent[]> {
  let from = 0;
  let bytes = 0;
  let before: Headers | null = null;
  let ofHeaders = 0;
  for (let index = 0; index < records.length; index += 1) {
    const record = records[index]!;
    if (record.headers !== before) {
      before = record.headers;
      ofHeaders = headersSize(before);
    }
    const size = recordSize(record, ofHeaders);
    if (index > from && bytes + size > MAX_SEND_BYTES) {
      yield records.slice(from, index);
      from = index;
      bytes = 0;
    }
    bytes += size;
  }
  if (from < records.length) yield records.slice(from);
}

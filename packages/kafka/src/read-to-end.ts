/**
 * Reads an output partition to the end it has now: the committed records, and no waiting for more.
 * The end may be a control record, which no fetch shows; the offsets alone say when it is reached.
 * The stable end lies before transactions that are open, the end behind them: who reads to the end
 * waits for theirs.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { PublishedRecord } from '@holdfast/pipeline/ports.ts';
import type { LogEdge } from './fetch.ts';
import type { PartitionReader } from './partition-reader.ts';
import { within } from './patience.ts';
import { readRecordsWithHeaders } from './record-read.ts';

const PAGE_BYTES = 1024 * 1024;
const FETCH_WAIT_MS = 50;
/** Longer than any open transaction of ours lives before its coordinator ends it. */
const STALL_TIMEOUT_MS = 90_000;

export async function* readToEnd(
  reader: PartitionReader,
  fromOffset: number,
  closed: AbortSignal,
  upTo: Exclude<LogEdge, 'start'> = 'end',
): AsyncGenerator<readonly PublishedRecord[]> {
  const where = `${reader.topic}/${reader.partition}`;
  const endOffset = await reader.edge(upTo, within(STALL_TIMEOUT_MS, closed));
  if (fromOffset > endOffset) {
    throw new HoldfastError(
      'offset_out_of_range',
      `${where} ends at ${endOffset}, not ${fromOffset}`,
    );
  }
  let stalled = within(STALL_TIMEOUT_MS, closed);
  for (let offset = fromOffset; offset < endOffset; ) {
    const page = await reader.page(offset, {
      waitMs: FETCH_WAIT_MS,
      maxBytes: PAGE_BYTES,
      until: stalled,
    });
    const records = readRecordsWithHeaders(page.batches, offset).filter(
      (record) => record.offset < endOffset,
    );
    if (records.length > 0) yield records;
    if (page.nextOffset > offset) {
      offset = page.nextOffset;
      stalled = within(STALL_TIMEOUT_MS, closed);
    } else if (stalled.aborted) {
      throw new HoldfastError(
        'output_unavailable',
        `${where} can't be read past ${offset}: a transaction is open there`,
      );
    }
  }
}

/**
 * What tells one log from another that has the same name: an offset means nothing in a topic that
 * was made anew, restored elsewhere or given more partitions.
 */

import { createHash } from 'node:crypto';
import type { InputIdentity } from '@holdfast/pipeline/ports.ts';
import type { Cluster } from './cluster.ts';
import type { PartitionReader } from './partition-reader.ts';
import { type LogRecord, readRecords } from './record-read.ts';

const DIGEST_DIGITS = 16;
const FIRST_PAGE_BYTES = 1;

/** Of length-prefixed fields, so that no two records run together into the same bytes. */
const digestOf = (record: LogRecord): string => {
  const hash = createHash('sha256');
  for (const bytes of [record.key, record.value]) {
    hash.update(`${bytes === null ? -1 : bytes.length}:`);
    if (bytes !== null) hash.update(bytes);
  }
  return hash.update(String(record.timestamp)).digest('hex').slice(0, DIGEST_DIGITS);
};

/** The first committed record at or after the offset; none before the end. */
const firstRecord = async (
  reader: PartitionReader,
  fromOffset: number,
  endOffset: number,
  until: AbortSignal,
): Promise<LogRecord | undefined> => {
  for (let offset = fromOffset; offset < endOffset; ) {
    const page = await reader.page(offset, { waitMs: 0, maxBytes: FIRST_PAGE_BYTES, until });
    const [record] = readRecords(page.batches, offset);
    if (record !== undefined) return record;
    if (page.nextOffset === offset) return undefined;
    offset = page.nextOffset;
  }
  return undefined;
};

/** The incarnation ends in a slash while the partition is empty. */
export const identify = async (
  cluster: Cluster,
  reader: PartitionReader,
  until: AbortSignal,
): Promise<InputIdentity> => {
  const startOffset = await reader.edge('start', until);
  const endOffset = await reader.edge('stable end', until);
  const first = await firstRecord(reader, startOffset, endOffset, until);
  const clusterId = await cluster.clusterId();
  const partitions = await cluster.partitionCount(reader.topic);
  return {
    incarnation: `${clusterId}/${partitions}/${first === undefined ? '' : digestOf(first)}`,
    startOffset,
    endOffset,
  };
};

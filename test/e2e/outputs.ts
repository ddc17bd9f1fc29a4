/**
 * What a pipe has put out: committed records of `arr-deltas` and of the dead-letter topic, read to
 * the end without a word to the group or to the processor's producers.
 */

import { avroDeltaCodec } from '@holdfast/contracts/avro-delta.ts';
import type { Delta } from '@holdfast/domain/delta.ts';
import { kafkaCluster } from '@holdfast/kafka/cluster.ts';
import { partitionReader } from '@holdfast/kafka/partition-reader.ts';
import { readToEnd } from '@holdfast/kafka/read-to-end.ts';
import { schemaRegistry } from '@holdfast/kafka/registry.ts';
import type { PublishedRecord } from '@holdfast/pipeline/ports.ts';
import { registerDeltas } from '../../packages/service/src/registry.ts';
import type { Pipe } from './pipe.ts';

export interface PublishedDelta {
  readonly delta: Delta;
  readonly record: PublishedRecord;
}

/** Committed records by partition, in the order of the log. */
export const readTopic = async (
  { kafka, partitions }: Pipe,
  topic: string,
): Promise<readonly (readonly PublishedRecord[])[]> => {
  const cluster = kafkaCluster(kafka, [topic]);
  const never = new AbortController().signal;
  try {
    const read: PublishedRecord[][] = [];
    for (let partition = 0; partition < partitions; partition += 1) {
      const reader = partitionReader(cluster, topic, partition, 'output_unavailable');
      const records: PublishedRecord[] = [];
      for await (const page of readToEnd(reader, 0, never)) records.push(...page);
      read.push(records);
    }
    return read;
  } finally {
    await cluster.close();
  }
};

/** The same of `arr-deltas`, decoded. */
export const readDeltas = async (pipe: Pipe): Promise<readonly (readonly PublishedDelta[])[]> => {
  const registry = schemaRegistry({ url: pipe.services.registryUrl, clientId: 'e2e' });
  const codec = avroDeltaCodec(await registerDeltas(registry, pipe.topics.deltas), registry);
  const partitions = await readTopic(pipe, pipe.topics.deltas);
  return partitions.map((records) =>
    records.map((record) => ({ delta: codec.decode(record.value as Uint8Array), record })),
  );
};

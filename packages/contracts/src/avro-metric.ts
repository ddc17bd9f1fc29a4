/** `retention-metrics` in Avro. */

import { avroDecoder } from './avro-decoder.ts';
import { avroEncoder } from './avro-encoder.ts';
import { decodeOutput, OWN_SCHEMAS_ONLY } from './avro-output.ts';
import type { MetricCodec, MetricWriterIds, WriterLearning, WriterSchemas } from './codec.ts';
import type { Metric, PartitionProgress, RetentionMetric } from './metric.ts';
import type { RecordName } from './schemas.ts';

/** `writerSchemas`: for readers of metrics that other versions of Holdfast wrote. */
export const avroMetricCodec = (
  ids: MetricWriterIds,
  writerSchemas: WriterSchemas = OWN_SCHEMAS_ONLY,
): MetricCodec & WriterLearning => {
  const retention = avroEncoder<RetentionMetric>('retention-metric', ids.retentionMetric);
  const progress = avroEncoder<PartitionProgress>('partition-progress', ids.partitionProgress);
  const own = new Map<number, RecordName>([
    [ids.retentionMetric, 'retention-metric'],
    [ids.partitionProgress, 'partition-progress'],
  ]);
  const decoder = avroDecoder<Metric>(
    ['retention-metric', 'partition-progress'],
    writerSchemas,
    own,
  );
  return {
    encode: (metric) => (metric.type === 'retention_metric' ? retention(metric) : progress(metric)),
    decode: (value) => decodeOutput(decoder, value),
    knows: decoder.knows,
    learn: decoder.learn,
  };
};

/** For those that write none: asks the registry for every schema, and registers nothing there. */
export const avroMetricReader = (
  writerSchemas: WriterSchemas,
): Pick<MetricCodec, 'decode'> & WriterLearning => {
  const decoder = avroDecoder<Metric>(
    ['retention-metric', 'partition-progress'],
    writerSchemas,
    new Map(),
  );
  return {
    decode: (value) => decodeOutput(decoder, value),
    knows: decoder.knows,
    learn: decoder.learn,
  };
};

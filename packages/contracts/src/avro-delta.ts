/** `arr-deltas` in Avro. Equal deltas are equal bytes, since the published log is compared so. */

import type { ArrDelta, CustomerClassified, Delta } from '@holdfast/domain/delta.ts';
import { avroDecoder } from './avro-decoder.ts';
import { avroWriter } from './avro-encoder.ts';
import { decodeOutput, OWN_SCHEMAS_ONLY } from './avro-output.ts';
import type { DeltaCodec, DeltaWriterIds, WriterLearning, WriterSchemas } from './codec.ts';
import type { RecordName } from './schemas.ts';

/** `writerSchemas`: for readers of deltas that other versions of Holdfast wrote. */
export const avroDeltaCodec = (
  ids: DeltaWriterIds,
  writerSchemas: WriterSchemas = OWN_SCHEMAS_ONLY,
): DeltaCodec & WriterLearning => {
  const arrDelta = avroWriter<ArrDelta>('arr-delta', ids.arrDelta);
  const classified = avroWriter<CustomerClassified>('customer-classified', ids.customerClassified);
  const own = new Map<number, RecordName>([
    [ids.arrDelta, 'arr-delta'],
    [ids.customerClassified, 'customer-classified'],
  ]);
  const decoder = avroDecoder<Delta>(['arr-delta', 'customer-classified'], writerSchemas, own);
  return {
    write: (delta, to) =>
      delta.type === 'arr_delta' ? arrDelta(delta, to) : classified(delta, to),
    decode: (value) => decodeOutput(decoder, value),
    knows: decoder.knows,
    learn: decoder.learn,
  };
};

/** For those that write none: asks the registry for every schema, and registers nothing there. */
export const avroDeltaReader = (
  writerSchemas: WriterSchemas,
): Pick<DeltaCodec, 'decode'> & WriterLearning => {
  const decoder = avroDecoder<Delta>(
    ['arr-delta', 'customer-classified'],
    writerSchemas,
    new Map(),
  );
  return {
    decode: (value) => decodeOutput(decoder, value),
    knows: decoder.knows,
    learn: decoder.learn,
  };
};

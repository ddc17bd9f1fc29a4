/** Codecs over a registry that lives in a map. */

import type { Delta } from '@holdfast/domain/delta.ts';
import { avroChangeCodec, avroChangeEncoder } from '../src/avro-change.ts';
import { ByteWriter } from '../src/byte-writer.ts';
import type { ChangeCodec, DeltaCodec, WriterSchemas } from '../src/codec.ts';
import { schemaText } from '../src/schemas.ts';

export const IDS = {
  subscriptionChanged: 11,
  customerChanged: 12,
  arrDelta: 13,
  customerClassified: 14,
  retentionMetric: 15,
  partitionProgress: 16,
} as const;

/** What was asked of it stands in `asked`. */
export const registryOf = (
  texts: Readonly<Record<number, string>>,
): WriterSchemas & { readonly asked: number[] } => {
  const asked: number[] = [];
  return {
    asked,
    fetch: async (id) => {
      asked.push(id);
      return texts[id] ?? null;
    },
  };
};

export const inputRegistry = () =>
  registryOf({
    [IDS.subscriptionChanged]: schemaText('subscription-changed'),
    [IDS.customerChanged]: schemaText('customer-changed'),
    [IDS.arrDelta]: schemaText('arr-delta'),
  });

export const encodeChange = avroChangeEncoder(IDS);

/** A delta as bytes of its own. */
export const encoded = (codec: Pick<DeltaCodec, 'write'>, delta: Delta): Uint8Array => {
  const to = new ByteWriter();
  codec.write(delta, to);
  return to.take();
};

/** The loop's way of reading: learn once where the schema is new. */
export const decodeLearning = async (codec: ChangeCodec, value: Uint8Array) => {
  const first = codec.decode(value);
  if (first !== 'schema_unknown') return first;
  await codec.learn(value);
  return codec.decode(value);
};

/** A codec of the input topic that has learned both of our schemas. */
export const learnedChangeCodec = async (): Promise<ChangeCodec> => {
  const codec = avroChangeCodec(inputRegistry());
  for (const id of [IDS.subscriptionChanged, IDS.customerChanged]) {
    await codec.learn(Uint8Array.of(0, 0, 0, 0, id));
  }
  return codec;
};

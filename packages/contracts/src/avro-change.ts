/** The input topic in Avro: subscription and customer changes, read fast and from any version. */

import type {
  ChangeRecord,
  CustomerChanged,
  SubscriptionChanged,
} from '@holdfast/domain/records.ts';
import { avroDecoder } from './avro-decoder.ts';
import { avroEncoder } from './avro-encoder.ts';
import type { ChangeCodec, ChangeWriterIds, WriterSchemas } from './codec.ts';

export const avroChangeCodec = (writerSchemas: WriterSchemas): ChangeCodec =>
  avroDecoder<ChangeRecord>(['subscription-changed', 'customer-changed'], writerSchemas);

/** For those who write the input topic: `produce`, connectors and the simulator. */
export const avroChangeEncoder = (ids: ChangeWriterIds): ((record: ChangeRecord) => Uint8Array) => {
  const subscription = avroEncoder<SubscriptionChanged>(
    'subscription-changed',
    ids.subscriptionChanged,
  );
  const customer = avroEncoder<CustomerChanged>('customer-changed', ids.customerChanged);
  return (record) =>
    record.type === 'subscription_changed' ? subscription(record) : customer(record);
};

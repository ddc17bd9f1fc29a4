/** One good change, and ways to spoil it or to write it with a schema of one's own. */

import type { SubscriptionChanged } from '@holdfast/domain/records.ts';
import type { Rejection } from '@holdfast/domain/rejection.ts';
import { customerId, instant } from '@holdfast/domain/scalars.ts';
import avsc from 'avsc';
import { avroChangeCodec } from '../src/avro-change.ts';
import type { ChangeCodec } from '../src/codec.ts';
import { decodeLearning, encodeChange, registryOf } from './codecs.ts';
import { type AnySchema, framed, schemaOf, wireOfDomain } from './vanilla.ts';

/** A subscription with an item and a cancellation to come. */
export const subscription: SubscriptionChanged = {
  type: 'subscription_changed',
  eventId: 'e1',
  source: 'billing',
  customerId: customerId('acme'),
  subscriptionId: 's1',
  version: 7,
  recordedAt: instant(1_772_359_200_000),
  effectiveAt: instant(1_772_323_200_000),
  status: 'active',
  items: [
    {
      productId: 'core',
      quantity: 2,
      amountMinor: 10_000,
      currency: 'USD',
      interval: 'month',
      intervalCount: 1,
      billing: 'recurring',
    },
  ],
  scheduled: [{ effectiveAt: instant(1_803_859_200_000), status: 'ended', items: [] }],
};
/** The same as avsc writes it. */
export const wire = wireOfDomain('subscription-changed', subscription) as {
  readonly items: readonly object[];
  readonly scheduled: readonly object[];
};

/** The same in framed Avro. */
export const subscriptionBytes = Buffer.from(encodeChange(subscription));

/** Why the codec refuses a value; it is an error of the test if it does not. */
export const refusedBy = (codec: ChangeCodec, value: Uint8Array): Rejection => {
  const answer = codec.decode(value);
  if (answer === 'schema_unknown' || !('rejected' in answer)) throw new Error('it was taken');
  return answer;
};

/** What becomes of a value written with a schema that the registry knows by id 99. */
export const readWritten = (schema: object, value: unknown) => {
  const type = avsc.Type.forSchema(schema as avsc.Schema);
  const codec = avroChangeCodec(registryOf({ 99: JSON.stringify(schema) }));
  return decodeLearning(codec, framed(99, type.toBuffer(value)));
};

type Fields = NonNullable<AnySchema['fields']>;

/** The schema of subscriptions with other fields. */
export const withFields = (change: (fields: Fields) => Fields): object => {
  const schema = schemaOf('subscription-changed');
  return { ...schema, fields: change(schema.fields!) };
};

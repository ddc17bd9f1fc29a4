/**
 * Subscription and customer changes as JSON lines, the form of files, fixtures and the embedded
 * log. Defaults may be left out and fields that we do not know are passed over, as in Avro.
 */

import {
  BILLINGS,
  type ChangeRecord,
  type CustomerChanged,
  INTERVALS,
  type Item,
  SUBSCRIPTION_STATUSES,
  type SubscriptionChanged,
  type SubscriptionPhase,
} from '@holdfast/domain/records.ts';
import { type Rejection, reject } from '@holdfast/domain/rejection.ts';
import { customerId } from '@holdfast/domain/scalars.ts';
import type { ChangeCodec } from './codec.ts';
import { formatInstant } from './instant-text.ts';
import {
  type Json,
  readInstant,
  readInt,
  readLong,
  readObjects,
  readSymbol,
  readText,
  readTextOrNull,
  readTexts,
} from './json-fields.ts';
import { jsonObject, jsonText } from './json-text.ts';
import { show } from './show.ts';
import { Unreadable } from './unreadable.ts';

const readItem = (json: Json, at: string): Item => ({
  productId: readText(json, at, 'product_id'),
  quantity: json.quantity === undefined ? 1 : readLong(json, at, 'quantity'),
  amountMinor: readLong(json, at, 'amount_minor'),
  currency: readText(json, at, 'currency'),
  interval: readSymbol(json, at, 'interval', INTERVALS),
  intervalCount: json.interval_count === undefined ? 1 : readInt(json, at, 'interval_count'),
  billing: json.billing === undefined ? 'recurring' : readSymbol(json, at, 'billing', BILLINGS),
});

const readPhase = (json: Json, at: string): SubscriptionPhase => ({
  effectiveAt: readInstant(json, at, 'effective_at'),
  status: readSymbol(json, at, 'status', SUBSCRIPTION_STATUSES),
  items: readObjects(json, at, 'items', readItem),
});

const readSource = (json: Json): string =>
  json.source === undefined ? '' : readText(json, '', 'source');

const readSubscriptionChanged = (json: Json): SubscriptionChanged => ({
  type: 'subscription_changed',
  eventId: readText(json, '', 'event_id'),
  source: readSource(json),
  customerId: customerId(readText(json, '', 'customer_id')),
  subscriptionId: readText(json, '', 'subscription_id'),
  version: readLong(json, '', 'version'),
  recordedAt: readInstant(json, '', 'recorded_at'),
  effectiveAt: readInstant(json, '', 'effective_at'),
  status: readSymbol(json, '', 'status', SUBSCRIPTION_STATUSES),
  items: readObjects(json, '', 'items', readItem),
  scheduled: json.scheduled === undefined ? [] : readObjects(json, '', 'scheduled', readPhase),
});

const readCustomerChanged = (json: Json): CustomerChanged => ({
  type: 'customer_changed',
  eventId: readText(json, '', 'event_id'),
  source: readSource(json),
  customerId: customerId(readText(json, '', 'customer_id')),
  version: readLong(json, '', 'version'),
  recordedAt: readInstant(json, '', 'recorded_at'),
  effectiveAt: readInstant(json, '', 'effective_at'),
  name: readTextOrNull(json, '', 'name'),
  attributes: readTexts(json, '', 'attributes'),
});

const readChange = (json: Json): ChangeRecord => {
  const type = json.type;
  if (type === 'subscription_changed') return readSubscriptionChanged(json);
  if (type === 'customer_changed') return readCustomerChanged(json);
  const given = type === undefined ? 'is missing' : show(type);
  throw new Unreadable(
    'malformed',
    `type ${given}; want "subscription_changed" or "customer_changed"`,
  );
};

const orRejection = (read: () => ChangeRecord): ChangeRecord | Rejection => {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unreadable) return reject(error.reason, error.message);
    throw error;
  }
};

/** One line of a file. */
export const parseChangeLine = (text: string): ChangeRecord | Rejection =>
  orRejection(() => readChange(jsonObject(text)));

const itemJson = (item: Item): Json => ({
  product_id: item.productId,
  quantity: item.quantity,
  amount_minor: item.amountMinor,
  currency: item.currency,
  interval: item.interval,
  interval_count: item.intervalCount,
  billing: item.billing,
});

const phaseJson = (phase: SubscriptionPhase): Json => ({
  effective_at: formatInstant(phase.effectiveAt),
  status: phase.status,
  items: phase.items.map(itemJson),
});

const changeJson = (record: ChangeRecord): Json =>
  record.type === 'subscription_changed'
    ? {
        type: record.type,
        event_id: record.eventId,
        source: record.source,
        customer_id: record.customerId,
        subscription_id: record.subscriptionId,
        version: record.version,
        recorded_at: formatInstant(record.recordedAt),
        ...phaseJson(record),
        scheduled: record.scheduled.map(phaseJson),
      }
    : {
        type: record.type,
        event_id: record.eventId,
        source: record.source,
        customer_id: record.customerId,
        version: record.version,
        recorded_at: formatInstant(record.recordedAt),
        effective_at: formatInstant(record.effectiveAt),
        name: record.name,
        attributes: record.attributes,
      };

/** The record as one line, without its end. */
export const formatChangeLine = (record: ChangeRecord): string =>
  JSON.stringify(changeJson(record));

/** A log whose every value is one such line in UTF-8. There is no schema to learn. */
export const jsonChangeCodec: ChangeCodec = {
  decode: (value) => orRejection(() => readChange(jsonObject(jsonText(value)))),
  knows: () => true,
  learn: async () => {},
};

/**
 * Deltas as JSON, for the embedded log. Fields stand in the contract's order and maps by
 * ascending key, so that equal deltas are equal bytes.
 */

import {
  type ArrDelta,
  type Cause,
  type CustomerClassified,
  type Delta,
  DRIVERS,
  type Driver,
  MOVEMENTS,
} from '@holdfast/domain/delta.ts';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import { customerId, minorUnits, offset } from '@holdfast/domain/scalars.ts';
import { ascending } from './ascending.ts';
import type { DeltaCodec } from './codec.ts';
import { formatInstant } from './instant-text.ts';
import {
  type Json,
  readInstant,
  readInt,
  readLong,
  readObject,
  readObjects,
  readSymbol,
  readText,
  readTextOrNull,
  readTexts,
} from './json-fields.ts';
import { jsonObject, jsonText } from './json-text.ts';
import { show } from './show.ts';
import { Unreadable } from './unreadable.ts';

const driverJson = (driver: Driver): Json => ({
  driver: driver.driver,
  product_id: driver.productId,
  amount_minor: driver.amountMinor,
});

const causeJson = (cause: Cause): Json => ({
  event_id: cause.eventId,
  source: cause.source,
  topic: cause.topic,
  partition: cause.partition,
  offset: cause.offset,
});

const deltaJson = (delta: Delta): Json => ({
  type: delta.type,
  delta_id: delta.deltaId,
  customer_id: delta.customerId,
  effective_at: formatInstant(delta.effectiveAt),
  op: delta.op,
  ...(delta.type === 'arr_delta'
    ? {
        movement: delta.movement,
        arr_before_minor: delta.arrBeforeMinor,
        arr_after_minor: delta.arrAfterMinor,
        amount_minor: delta.amountMinor,
        drivers: delta.drivers.map(driverJson),
        currency: delta.currency,
        customer_name: delta.customerName,
      }
    : { name: delta.name }),
  attributes: ascending(delta.attributes),
  known_at: formatInstant(delta.knownAt),
  cause: causeJson(delta.cause),
  restatement: delta.restatement,
});

const readDriver = (json: Json, at: string): Driver => ({
  driver: readSymbol(json, at, 'driver', DRIVERS),
  productId: readText(json, at, 'product_id'),
  amountMinor: minorUnits(readLong(json, at, 'amount_minor')),
});

const readCause = (json: Json): Cause => ({
  eventId: readText(json, 'cause.', 'event_id'),
  source: readText(json, 'cause.', 'source'),
  topic: readText(json, 'cause.', 'topic'),
  partition: readInt(json, 'cause.', 'partition'),
  offset: offset(readLong(json, 'cause.', 'offset')),
});

const readPublished = (json: Json) => ({
  deltaId: readText(json, '', 'delta_id'),
  customerId: customerId(readText(json, '', 'customer_id')),
  effectiveAt: readInstant(json, '', 'effective_at'),
  op: readSymbol(json, '', 'op', ['assert', 'retract']),
  attributes: readTexts(json, '', 'attributes'),
  knownAt: readInstant(json, '', 'known_at'),
  cause: readCause(readObject(json, '', 'cause')),
  restatement: readTextOrNull(json, '', 'restatement'),
});

const readArrDelta = (json: Json): ArrDelta => ({
  type: 'arr_delta',
  ...readPublished(json),
  movement: readSymbol(json, '', 'movement', MOVEMENTS),
  arrBeforeMinor: minorUnits(readLong(json, '', 'arr_before_minor')),
  arrAfterMinor: minorUnits(readLong(json, '', 'arr_after_minor')),
  amountMinor: minorUnits(readLong(json, '', 'amount_minor')),
  drivers: readObjects(json, '', 'drivers', readDriver),
  currency: readText(json, '', 'currency'),
  customerName: readTextOrNull(json, '', 'customer_name'),
});

const readClassified = (json: Json): CustomerClassified => ({
  type: 'customer_classified',
  ...readPublished(json),
  name: readTextOrNull(json, '', 'name'),
});

const readDelta = (json: Json): Delta => {
  if (json.type === 'arr_delta') return readArrDelta(json);
  if (json.type === 'customer_classified') return readClassified(json);
  throw new Unreadable(
    'malformed',
    `type ${show(json.type)}; want "arr_delta" or "customer_classified"`,
  );
};

export const jsonDeltaCodec: DeltaCodec = {
  write: (delta, to) => to.writeText(JSON.stringify(deltaJson(delta))),
  decode(value) {
    try {
      return readDelta(jsonObject(jsonText(value)));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      throw new HoldfastError('output_unreadable', error.message, { cause: error });
    }
  },
};

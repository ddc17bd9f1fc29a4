/** Short ways to write events down, for tests whose answers are found by hand. Dollars, UTC. */

import { DEFAULT_POLICY, type Policy } from '@holdfast/domain/policy.ts';
import type { ChangeRecord, CustomerChanged, Item } from '@holdfast/domain/records.ts';
import { customerId, instant } from '@holdfast/domain/scalars.ts';
import type { ArrivedRecord } from './customer.ts';
import { type Reference, type ReferenceOptions, reference } from './reference.ts';

export const at = (text: string): number =>
  Date.parse(text.includes('T') ? text : `${text}T00:00:00Z`);

export interface Sketch {
  readonly on: string;
  readonly arr?: number;
  readonly recorded?: string;
  readonly version?: number;
  readonly customer?: string;
  readonly subscription?: string;
  readonly later?: readonly (readonly [on: string, arr: number])[];
  readonly products?: readonly (readonly [productId: string, quantity: number, arr: number])[];
}

const yearly = (productId: string, quantity: number, amountMinor: number): Item => ({
  productId,
  quantity,
  amountMinor,
  currency: 'USD',
  interval: 'year',
  intervalCount: 1,
  billing: 'recurring',
});

/** Arr 0 means ended. Versions rise by themselves. */
export const change = (sketch: Sketch, index: number): ChangeRecord => ({
  type: 'subscription_changed',
  eventId: `e${index}`,
  source: '',
  customerId: customerId(sketch.customer ?? 'a'),
  subscriptionId: sketch.subscription ?? 's',
  version: sketch.version ?? index + 1,
  recordedAt: instant(at(sketch.recorded ?? sketch.on)),
  effectiveAt: instant(at(sketch.on)),
  status: sketch.arr === 0 ? 'ended' : 'active',
  items: (sketch.products ?? [['core', 1, sketch.arr ?? 0] as const])
    .filter(() => sketch.arr !== 0)
    .map((product) => yearly(...product)),
  scheduled: (sketch.later ?? []).map(([on, arr]) => ({
    effectiveAt: instant(at(on)),
    status: arr === 0 ? ('ended' as const) : ('active' as const),
    items: arr === 0 ? [] : [yearly('core', 1, arr)],
  })),
});

export const classified = (
  fields: Pick<CustomerChanged, 'source' | 'attributes'> & { readonly on: string },
): ChangeRecord => ({
  type: 'customer_changed',
  eventId: 'k',
  source: fields.source,
  customerId: customerId('a'),
  version: 1,
  recordedAt: instant(at(fields.on)),
  effectiveAt: instant(at(fields.on)),
  name: fields.source === '' ? null : `as ${fields.source} says`,
  attributes: fields.attributes,
});

export const arrive = (records: readonly ChangeRecord[]): ArrivedRecord[] =>
  records.map((record, offset) => ({ record, offset }));

export const of = (
  sketches: readonly Sketch[],
  policy: Partial<Policy> = {},
  options: ReferenceOptions = {},
): Reference => reference(arrive(sketches.map(change)), { ...DEFAULT_POLICY, ...policy }, options);

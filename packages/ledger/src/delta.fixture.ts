/** A delta as a test needs one: sequence and customer alike, of partition 0. */

import type { ArrDelta } from '@holdfast/domain/delta.ts';
import { customerId, instant, minorUnits, offset } from '@holdfast/domain/scalars.ts';

export const delta = (sequence: number, fields: Partial<ArrDelta> = {}): ArrDelta => ({
  type: 'arr_delta',
  deltaId: `1:0:${sequence}`,
  customerId: customerId(`c${sequence}`),
  effectiveAt: instant(1_000 + sequence),
  op: 'assert',
  movement: 'new',
  arrBeforeMinor: minorUnits(0),
  arrAfterMinor: minorUnits(100),
  amountMinor: minorUnits(100),
  drivers: [{ driver: 'new_product', productId: 'core', amountMinor: minorUnits(100) }],
  currency: 'USD',
  customerName: null,
  attributes: {},
  knownAt: instant(1_000 + sequence),
  cause: {
    eventId: `e${sequence}`,
    source: '',
    topic: 't',
    partition: 0,
    offset: offset(sequence),
  },
  restatement: null,
  ...fields,
});

/** What a restatement says: the least that leads from one net ledger to the other. */

import type { ArrDelta, Delta } from '@holdfast/domain/delta.ts';
import { customerId, instant, minorUnits, offset } from '@holdfast/domain/scalars.ts';
import { describe, expect, it } from 'vitest';
import type { InForce, Ledger } from './audit/ledger.ts';
import { restatementOf, type Said } from './restatement.ts';

const delta = (customer: string, at: number, cents: number, more: object = {}): ArrDelta => ({
  type: 'arr_delta',
  deltaId: '1:0:0',
  customerId: customerId(customer),
  effectiveAt: instant(at),
  op: 'assert',
  movement: 'new',
  arrBeforeMinor: minorUnits(0),
  arrAfterMinor: minorUnits(cents),
  amountMinor: minorUnits(cents),
  drivers: [{ driver: 'new_product', productId: 'core', amountMinor: minorUnits(cents) }],
  currency: 'USD',
  customerName: null,
  attributes: {},
  knownAt: instant(at),
  cause: { eventId: 'e', source: '', topic: 't', partition: 0, offset: offset(0) },
  restatement: null,
  ...more,
});

const said = ({ customerId: id, effectiveAt, arrAfterMinor, drivers }: ArrDelta): Said => ({
  change: {
    kind: 'movement',
    op: 'assert',
    customerId: id,
    movement: {
      effectiveAt,
      movement: 'new',
      arrBeforeMinor: minorUnits(0),
      arrAfterMinor,
      drivers,
    },
    profile: { name: null, attributes: {} },
  },
  cause: { eventId: 'e', source: '', offset: offset(0), knownAt: effectiveAt },
});

const inForce = <Origin>(
  deltas: readonly ArrDelta[],
  originOf: (one: ArrDelta) => Origin,
): Ledger<Origin> =>
  new Map(
    deltas.map((one): [string, InForce<Origin>] => [
      `${one.customerId} ${one.effectiveAt}`,
      { content: String(one.amountMinor), cause: 'e', offset: 0, origin: originOf(one) },
    ]),
  );

/** Customer, instant and signed amount of each, in order. */
const restated = (
  published: readonly ArrDelta[],
  folded: readonly ArrDelta[],
  last: Delta | null = published.at(-1) ?? null,
) =>
  restatementOf(
    inForce(published, (one): Delta => one),
    inForce(folded, said),
    last,
  ).map((one) => {
    if (one.op === 'say') {
      const { change } = one.said;
      const { movement } = change as Extract<typeof change, { kind: 'movement' }>;
      return [change.customerId, movement.effectiveAt, movement.arrAfterMinor];
    }
    const { customerId: id, effectiveAt, amountMinor } = one.delta as ArrDelta;
    return [id, effectiveAt, amountMinor];
  });

describe('a restatement', () => {
  it('takes back what differs before it says it anew, by instant and customer', () => {
    const before = [delta('b', 2, 10), delta('a', 2, 10), delta('a', 1, 5), delta('c', 3, 7)];
    const after = [delta('b', 2, 11), delta('a', 2, 12), delta('a', 1, 5), delta('d', 1, 1)];
    expect(restated(before, after)).toEqual([
      ['d', 1, 1],
      ['a', 2, -10],
      ['a', 2, 12],
      ['b', 2, -10],
      ['b', 2, 11],
      ['c', 3, -7],
    ]);
  });

  it('adds up to the difference of the two ledgers', () => {
    const before = [delta('a', 1, 5), delta('b', 2, 10)];
    const after = [delta('a', 1, 8), delta('c', 4, 100)];
    const sum = restated(before, after).reduce((total, [, , amount]) => total + Number(amount), 0);
    expect(sum).toBe(108 - 15);
  });

  it('negates the drivers of what it takes back', () => {
    const [first] = restatementOf(
      inForce([delta('a', 1, 5)], (one): Delta => one),
      new Map(),
      null,
    );
    expect(first).toMatchObject({
      op: 'repeat',
      delta: { op: 'retract', amountMinor: -5, drivers: [{ amountMinor: -5 }] },
    });
  });

  it('takes the last delta back and says it again where nothing differs', () => {
    const all = [delta('a', 1, 5), delta('b', 2, 10)];
    expect(restated(all, all)).toEqual([
      ['b', 2, -10],
      ['b', 2, 10],
    ]);
  });

  it('says again and takes back what was taken back last, where nothing is in force', () => {
    const last = delta('a', 1, -5, { op: 'retract' });
    expect(restated([], [], last)).toEqual([
      ['a', 1, 5],
      ['a', 1, -5],
    ]);
  });

  it('is empty where nothing was ever said and nothing is to be said', () => {
    expect(restated([], [])).toEqual([]);
  });
});

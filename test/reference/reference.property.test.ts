/**
 * What must hold of any right implementation holds of the reference, over hostile streams. A slip
 * in it would otherwise only show as a quarrel with the production code.
 */

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { deliver, deliveryArbitrary, edgeInstants, ordered } from '../streams/deliveries.ts';
import { type Stream, streamArbitrary } from '../streams/streams.ts';
import { firstInstant, localDate, windowStart } from './calendar.ts';
import { orderMatters } from './customer.ts';
import { movementAmount, movementIdentity } from './movements.ts';
import { publishedByCommit } from './published.ts';
import { type Reference, reference } from './reference.ts';

const RUNS = { numRuns: 150 };

/** One of the stream's edges, by a number drawn. */
const edgeOf = (stream: Stream, pick: number): number => {
  const edges = edgeInstants(stream);
  return edges[pick % edges.length]!;
};

const pickArbitrary = fc.nat(9_999);

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

test('movements chain, their drivers add up to them, and the ledger sums to ARR', () => {
  fc.assert(
    fc.property(streamArbitrary, pickArbitrary, (stream, pick) => {
      const whole = reference(stream.arrived, stream.policy);
      const t = edgeOf(stream, pick);
      for (const customerId of whole.customerIds) {
        let arr = 0;
        for (const movement of whole.movements(customerId)) {
          expect(movement.arrBeforeMinor).toBe(arr);
          const parts = movement.drivers.map(({ amountMinor }) => amountMinor);
          expect(sum(parts)).toBe(movementAmount(movement));
          expect(parts).not.toContain(0);
          arr = movement.arrAfterMinor;
        }
        const kinds = whole.movements(customerId).map(({ movement }) => movement);
        expect(kinds.lastIndexOf('new')).toBeLessThanOrEqual(0);
      }
      expect(sum(whole.ledger(t).map(movementAmount))).toBe(whole.arr(t));
    }),
    RUNS,
  );
});

test('the parts of retention add up, and each definition stands where it must to the others', () => {
  fc.assert(
    fc.property(streamArbitrary, pickArbitrary, (stream, pick) => {
      const { policy } = stream;
      const whole = reference(stream.arrived, policy);
      const asOf = edgeOf(stream, pick);
      for (const window of policy.windows) {
        const report = (definition: 'point_to_point' | 'no_returners' | 'path') =>
          whole.report({ asOf, window, definition })[0]!;
        const [plain, strict, path] = [
          report('point_to_point'),
          report('no_returners'),
          report('path'),
        ];
        for (const row of [plain, strict, path]) {
          expect(row.closingArrMinor).toBe(
            row.openingArrMinor! +
              row.expansionArrMinor! -
              row.contractionArrMinor! -
              row.churnedArrMinor!,
          );
          if (row.openingArrMinor === 0) {
            expect([row.nrr, row.grr, row.logoRetention]).toEqual([null, null, null]);
            continue;
          }
          expect(row.grr).toBeLessThanOrEqual(1);
          expect(row.grr).toBeLessThanOrEqual(row.nrr!);
        }
        expect(path.grr ?? 0).toBeLessThanOrEqual(plain.grr ?? 0);
        expect(path.nrr).toBe(plain.nrr);
        expect(strict.closingArrMinor).toBeLessThanOrEqual(plain.closingArrMinor!);
        const explained = whole.explain({ asOf, window });
        expect(sum(explained.map((row) => row.closingArrMinor))).toBe(plain.closingArrMinor);
        expect(sum(explained.map((row) => row.expansionArrMinor))).toBe(plain.expansionArrMinor);
        for (const { movements } of explained) {
          for (const movement of movements) {
            const causes = movement.causes.map(({ amountMinor }) => amountMinor);
            expect(sum(causes)).toBe(movementAmount(movement));
          }
        }
      }
    }),
    RUNS,
  );
});

test('members add up to all, in gauges and in periods, netted and gross', () => {
  fc.assert(
    fc.property(streamArbitrary, pickArbitrary, pickArbitrary, (stream, one, other) => {
      const { policy } = stream;
      const whole = reference(stream.arrived, policy);
      const t = edgeOf(stream, one);
      const { retention, present } = whole.gauges(t);
      const total = (rows: readonly object[]): object => {
        const totals: Record<string, number> = {};
        for (const [name, value] of rows.flatMap((row) => Object.entries(row))) {
          if (typeof value === 'number') totals[name] = (totals[name] ?? 0) + value;
        }
        return totals;
      };
      for (const { name } of policy.dimensions) {
        expect(total(present.filter(({ dimension }) => dimension === name))).toEqual(
          total(present.filter(({ dimension }) => dimension === 'all')),
        );
        for (const window of policy.windows) {
          const rows = retention.filter((row) => row.window === window);
          expect(total(rows.filter(({ dimension }) => dimension === name))).toEqual(
            total(rows.filter(({ dimension }) => dimension === 'all')),
          );
        }
        const [from, to] = [Math.min(t, edgeOf(stream, other)), Math.max(t, edgeOf(stream, other))];
        if (from === to) continue;
        for (const gross of [false, true]) {
          const amounts = (by: string | undefined) =>
            total(
              whole
                .periods({ from, to, every: 'P12M', gross, ...(by !== undefined && { by }) })
                .map(({ from: _from, to: _to, ...row }) => row),
            );
          const all = amounts(undefined);
          // Where nobody had ARR or moved there is no member to show.
          if (Object.values(all).some((value) => value !== 0)) expect(amounts(name)).toEqual(all);
        }
      }
    }),
    RUNS,
  );
});

test('the report on a local month agrees with its row of movements', () => {
  fc.assert(
    fc.property(streamArbitrary, pickArbitrary, (stream, pick) => {
      const { policy } = stream;
      const zone = policy.timeZone;
      const whole = reference(stream.arrived, policy);
      const month = localDate(zone, edgeOf(stream, pick)).with({ day: 1 });
      const from = firstInstant(zone, month);
      const to = firstInstant(zone, month.add({ months: 1 }));
      const [report] = whole.report({ asOf: to - 1, window: 'P1M' });
      const [row, ...more] = whole.periods({ from, to, every: 'P1M' });
      expect(more).toEqual([]);
      expect(windowStart(zone, 'P1M', to - 1)).toBe(from);
      expect(row).toMatchObject({
        openingArrMinor: report!.openingArrMinor,
        expansionArrMinor: report!.expansionArrMinor,
        contractionArrMinor: report!.contractionArrMinor,
        churnedArrMinor: report!.churnedArrMinor,
        closingArrMinor: report!.closingArrMinor! + row!.newArrMinor + row!.reactivationArrMinor,
      });
    }),
    RUNS,
  );
});

/** Everything that must not depend on the order of arrival. */
const view = (whole: Reference, instants: readonly number[]) => ({
  gauges: instants.map((t) => whole.gauges(t)),
  movements: whole.customerIds.map((customerId) => whole.movements(customerId)),
});

test('the order of arrival makes no difference, unless a record is too late or a tie', () => {
  fc.assert(
    fc.property(streamArbitrary, deliveryArbitrary, pickArbitrary, (stream, delivery, pick) => {
      fc.pre(!orderMatters(stream.arrived, stream.policy));
      const instants = [edgeOf(stream, pick), edgeOf(stream, pick + 1), edgeOf(stream, pick + 7)];
      const inOrder = reference(stream.arrived, stream.policy);
      const shuffled = reference(ordered(stream, delivery), stream.policy);
      expect(view(shuffled, instants)).toEqual(view(inOrder, instants));
      expect(inOrder.counts).toMatchObject({ tooLate: 0, versionTies: 0 });
    }),
    RUNS,
  );
});

test('what is published commit by commit leaves the ledger, one movement an instant at most', () => {
  fc.assert(
    fc.property(streamArbitrary, deliveryArbitrary, (stream, delivery) => {
      const commits = deliver(stream, delivery);
      const inForce = new Map<string, string>();
      let total = 0;
      for (const deltas of publishedByCommit(commits, stream.policy, false)) {
        for (const { customerId, op, movement, amountMinor, knownAt, cause } of deltas) {
          const key = JSON.stringify([customerId, movement.effectiveAt]);
          if (op === 'assert') {
            expect(inForce.has(key)).toBe(false);
            inForce.set(key, movementIdentity(movement));
          } else {
            expect(inForce.get(key)).toBe(movementIdentity(movement));
            inForce.delete(key);
          }
          total += amountMinor;
          expect(cause.record.customerId).toBe(customerId);
          expect(knownAt).toBeGreaterThanOrEqual(cause.record.recordedAt);
        }
      }
      const whole = reference(ordered(stream, delivery), stream.policy);
      const asOf = commits[commits.length - 1]!.asOf;
      const ledger = whole
        .ledger(asOf)
        .map((entry) => [
          JSON.stringify([entry.customerId, entry.effectiveAt]),
          movementIdentity(entry),
        ]);
      expect([...inForce].sort()).toEqual(ledger.sort());
      expect(total).toBe(whole.arr(asOf));
    }),
    RUNS,
  );
});

test('what was known is what the records up to then say, and at the end all of them', () => {
  fc.assert(
    fc.property(streamArbitrary, fc.nat(24), (stream, pick) => {
      const { arrived, policy } = stream;
      const { record } = arrived[pick % arrived.length]!;
      const knownAt = record.recordedAt;
      const known = reference(arrived, policy, { knownAt });
      const greatest = new Map<string, number>();
      const records = arrived.filter(({ record: { customerId, recordedAt } }) => {
        greatest.set(customerId, Math.max(greatest.get(customerId) ?? 0, recordedAt));
        return greatest.get(customerId)! <= knownAt;
      });
      const instants = [knownAt, edgeOf(stream, pick)];
      expect(view(known, instants)).toEqual(view(reference(records, policy), instants));
      const last = Math.max(...arrived.map((one) => one.record.recordedAt));
      const all = reference(arrived, policy, { knownAt: last });
      expect(view(all, instants)).toEqual(view(reference(arrived, policy), instants));
    }),
    RUNS,
  );
});

/**
 * Order does not matter: the same records in any order, cut into any batches, with ticks at any
 * instants, end in the same projections, with the same movements and classifications in force and
 * the same gauges. Excepted are too-late records and version ties, which are counted.
 */

import { decodeCustomer, encodeCustomer } from '@holdfast/domain/customer-state.ts';
import type { Delta } from '@holdfast/domain/delta.ts';
import type { PartitionView } from '@holdfast/pipeline/ports.ts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderMatters } from '../reference/customer.ts';
import { type Delivery, deliver, deliveryArbitrary } from '../streams/deliveries.ts';
import { type Stream, streamArbitrary } from '../streams/streams.ts';
import { classifications } from './classifications.ts';
import { netLedger } from './compare.ts';
import { startRun } from './run.ts';
import { LIMIT_MS, STREAMS } from './runs.ts';

describe('the order of arrival', () => {
  it('changes neither projections nor what is in force nor gauges', {
    timeout: LIMIT_MS,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        streamArbitrary,
        deliveryArbitrary,
        deliveryArbitrary,
        async (stream, one, other) => {
          const end = Math.max(lastAsOf(stream, one), lastAsOf(stream, other));
          fc.pre(!isOrderSensitive(stream, one) && !isOrderSensitive(stream, other));
          expect(await outcome(stream, one, end)).toEqual(await outcome(stream, other, end));
        },
      ),
      { numRuns: STREAMS },
    );
  });
});

const lastAsOf = (stream: Stream, delivery: Delivery): number =>
  deliver(stream, delivery).at(-1)?.asOf as number;

const isOrderSensitive = (stream: Stream, delivery: Delivery): boolean =>
  orderMatters(
    deliver(stream, delivery).flatMap(({ records }) => records),
    stream.policy,
  );

interface Outcome {
  readonly projections: readonly string[];
  readonly ledger: readonly object[];
  readonly classified: readonly object[];
  readonly aggregates: PartitionView['aggregates'];
}

async function outcome(stream: Stream, delivery: Delivery, end: number): Promise<Outcome> {
  const run = await startRun(stream.policy, 100);
  const said: Delta[] = [];
  for (const commit of [...deliver(stream, delivery), { asOf: end, records: [] }]) {
    said.push(...(await run.commit(commit)));
  }
  const customers = await run.customers();
  return {
    // What was announced names offsets, which are the order of arrival itself.
    projections: customers.map(({ customerId, value }) =>
      encodeCustomer({ ...decodeCustomer(customerId, value), announced: [] }),
    ),
    ledger: netLedger(said),
    classified: classifiedBy(stream, said),
    aggregates: (await run.view()).aggregates,
  };
}

/** Who is what from when on; attributes that are no dimension are as they were when it was said. */
function classifiedBy({ policy }: Stream, said: readonly Delta[]): readonly object[] {
  const reader = classifications();
  reader.take(said);
  return reader.inForce().map(({ customerId, effectiveAt, name }) => ({
    customerId,
    effectiveAt,
    name,
    members: policy.dimensions.map((one) => reader.memberOf(customerId, one.name, effectiveAt)),
  }));
}

/**
 * The ledger's metrics: how far it holds the published log, and how it answers. Positions are what
 * is stored; the requests are of this process and start at zero with it.
 */

import { Histogram } from 'prom-client';
import type { MetricDefinition } from './definition.ts';
import { addFamily, type MetricSource } from './exposition.ts';

export const LEDGER = {
  deltas: {
    name: 'holdfast_ledger_deltas',
    type: 'gauge',
    help: 'Movements and classifications of arr-deltas that the ledger holds.',
    labels: [],
  },
  customers: {
    name: 'holdfast_ledger_customers',
    type: 'gauge',
    help: 'Customers that the ledger has ever heard of.',
    labels: [],
  },
  nextSequence: {
    name: 'holdfast_ledger_next_sequence',
    type: 'gauge',
    help: 'Sequence of the delta that the ledger takes in next.',
    labels: ['partition'],
  },
  asOf: {
    name: 'holdfast_ledger_as_of_timestamp_seconds',
    type: 'gauge',
    help: 'The instant up to which all partitions are complete, seconds since 1970. Absent while one of them is not known.',
    labels: [],
  },
  lag: {
    name: 'holdfast_ledger_input_lag_events',
    type: 'gauge',
    help: "Records of the input that are not in the ledger's figures yet. Absent while that is not known.",
    labels: [],
  },
  requestSeconds: {
    name: 'holdfast_ledger_request_seconds',
    type: 'histogram',
    help: 'Time to answer by route and status; live streams are not counted.',
    labels: ['route', 'status'],
    buckets: [0.005, 0.025, 0.1, 0.5, 1, 5],
  },
} as const satisfies Record<string, MetricDefinition>;

/** What the ledger holds at the time of a scrape. Instants are UTC milliseconds. */
export interface LedgerPosition {
  readonly deltas: number;
  readonly customers: number;
  /** By partition. */
  readonly nextSequences: readonly number[];
  /** Null: not known. */
  readonly asOf: number | null;
  /** Null: not known. */
  readonly lagEvents: number | null;
}

export interface LedgerMetrics extends MetricSource {
  /** `route` as it is declared, such as `/v1/customers/:id`. */
  answered(route: string, status: number, seconds: number): void;
}

export const ledgerMetrics = (position: () => LedgerPosition): LedgerMetrics => {
  const { name, help, labels, buckets } = LEDGER.requestSeconds;
  const requestSeconds = new Histogram({
    name,
    help,
    labelNames: [...labels],
    buckets: [...buckets],
    registers: [],
  });
  return {
    answered: (route, status, seconds) => requestSeconds.observe({ route, status }, seconds),
    addTo: (registry) => {
      registry.registerMetric(requestSeconds);
      const { deltas, customers, nextSequences, asOf, lagEvents } = position();
      const one = (definition: MetricDefinition, value: number | null): void =>
        addFamily(registry, { definition, samples: value === null ? [] : [{ labels: {}, value }] });
      one(LEDGER.deltas, deltas);
      one(LEDGER.customers, customers);
      one(LEDGER.asOf, asOf === null ? null : asOf / 1_000);
      one(LEDGER.lag, lagEvents);
      addFamily(registry, {
        definition: LEDGER.nextSequence,
        samples: nextSequences.map((value, partition) => ({
          labels: { partition: String(partition) },
          value,
        })),
      });
    },
  };
};

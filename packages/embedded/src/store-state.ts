/** What the store in this process holds of a partition, and copies of it. */

import type { Boundary, OutputPosition } from '@holdfast/pipeline/ports.ts';
import { type DueIndex, dueIndex } from './store-due.ts';

/** All of a partition that a commit writes. */
export interface Folded {
  incarnation: string;
  commitNumber: number;
  commitId: string;
  boundary: Boundary;
  nextSequence: number;
  publishedCommit: number;
  output: OutputPosition;
  caughtUp: boolean;
  inputEnd: number;
  lastRecordAt: number;
  readonly customers: Map<string, string>;
  readonly dues: DueIndex;
  readonly aggregates: Map<string, string>;
  /** By window, then customer; minor units. */
  readonly losses: Map<string, Map<string, number>>;
  readonly counters: Map<string, number>;
  readonly outbox: Map<number, Uint8Array>;
}

export interface PartitionState {
  readonly policyHash: string;
  epoch: number;
  simulatedClock: boolean;
  folded: Folded;
}

export const nothingFolded = (): Folded => ({
  incarnation: '',
  commitNumber: 0,
  commitId: '',
  boundary: { nextOffset: 0, asOf: 0 },
  nextSequence: 0,
  publishedCommit: 0,
  output: { deltaOffset: 0, deadLetterOffset: 0 },
  caughtUp: false,
  inputEnd: 0,
  lastRecordAt: 0,
  customers: new Map(),
  dues: dueIndex(),
  aggregates: new Map(),
  losses: new Map(),
  counters: new Map(),
  outbox: new Map(),
});

export const copyOf = (state: PartitionState): PartitionState => {
  const { folded } = state;
  return {
    ...state,
    folded: {
      ...folded,
      customers: new Map(folded.customers),
      dues: dueIndex(folded.dues.entries()),
      aggregates: new Map(folded.aggregates),
      losses: new Map([...folded.losses].map(([window, of]) => [window, new Map(of)])),
      counters: new Map(folded.counters),
      outbox: new Map(folded.outbox),
    },
  };
};

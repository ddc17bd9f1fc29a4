/**
 * Reads one partition from any offset, committed records only, with connections of its own so that
 * its waiting holds up no one else. Keeps no position and no group.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { Cluster } from './cluster.ts';
import { faultOf, messageOf, passes } from './faults.ts';
import { edgeCall, fetchCall, type LogEdge } from './fetch.ts';
import { persist } from './patience.ts';
import { type CommittedBatches, committedBatches } from './record-read.ts';

export interface Page extends CommittedBatches {
  /** One past the last offset that can be read now. */
  readonly endOffset: number;
}

export interface ReadOptions {
  readonly waitMs: number;
  readonly maxBytes: number;
  /** Ends the tries; the last error is thrown then. */
  readonly until: AbortSignal;
  /** Told of every failed try. */
  readonly failed?: (error: unknown) => void;
}

export interface PartitionReader {
  readonly topic: string;
  readonly partition: number;
  /** Throws `offset_out_of_range`; where the log can't be reached, once `until` is raised. */
  page(fromOffset: number, options: ReadOptions): Promise<Page>;
  edge(edge: LogEdge, until: AbortSignal): Promise<number>;
}

const FIRST_WAIT_MS = 20;
const LONGEST_WAIT_MS = 1_000;

/** What an operator is told where the log can't be reached. */
export type Unreachable = 'input_unavailable' | 'output_unavailable';

export const readError = (where: string, error: unknown, otherwise: Unreachable): HoldfastError => {
  if (error instanceof HoldfastError) return error;
  const code = faultOf(error) === 'range' ? 'offset_out_of_range' : otherwise;
  return new HoldfastError(code, `${where}: ${messageOf(error)}`, { cause: error });
};

export const partitionReader = (
  cluster: Cluster,
  topic: string,
  partition: number,
  unreachable: Unreachable,
): PartitionReader => {
  const trying = async <T>(
    attempt: () => Promise<T>,
    until: AbortSignal,
    failed?: (error: unknown) => void,
  ): Promise<T> => {
    try {
      return await persist(attempt, {
        until,
        passes: (error) => passes(error) || faultOf(error) === 'missing',
        between: (error) => {
          failed?.(error);
          return cluster.lookAgain();
        },
        firstWaitMs: FIRST_WAIT_MS,
        longestWaitMs: LONGEST_WAIT_MS,
      });
    } catch (error) {
      throw readError(`${topic}/${partition}`, error, unreachable);
    }
  };

  return {
    topic,
    partition,
    page: (fromOffset, { waitMs, maxBytes, until, failed }) =>
      trying(
        async () => {
          const leader = await cluster.leader(topic, partition);
          const answer = await leader.ask(
            fetchCall({ topic, partition, fromOffset, waitMs, maxBytes }),
          );
          return {
            ...committedBatches(answer.batches, answer.aborted, fromOffset),
            endOffset: answer.stableOffset,
          };
        },
        until,
        failed,
      ),
    edge: (edge, until) =>
      trying(async () => {
        const leader = await cluster.leader(topic, partition);
        return leader.ask(edgeCall(topic, partition, edge));
      }, until),
  };
};

/**
 * One owned partition of the input: `poll` hands out what is fetched ahead, at most one fetch, so a
 * partition that no one polls is not read on and holds one page of memory. At the end of the log
 * nothing is fetched ahead before it is polled: such a page would hold the first records that came
 * and, by the next poll, be as old as that is late.
 */

import { setImmediate } from 'node:timers/promises';
import type { InputBatch, PartitionInput } from '@holdfast/pipeline/ports.ts';
import type { Kafka } from 'kafkajs';
import { kafkaCluster } from './cluster.ts';
import { identify } from './identity.ts';
import { type Page, partitionReader, readError } from './partition-reader.ts';
import { within } from './patience.ts';
import { readRecords } from './record-read.ts';

export interface OwnedInput {
  readonly input: PartitionInput;
  /** Up to where records were handed out; null before the first poll that brought something. */
  handedOut(): number | null;
  /** From now on polls end empty, those that wait at once. Resolves when disconnected. */
  end(): Promise<void>;
}

const IDENTIFY_TIMEOUT_MS = 30_000;
/** How long a broker may keep a fetch at the end of the log. */
const FETCH_WAIT_MS = 100;

/** The fetch from one offset, under way or done. */
interface Ahead {
  readonly fromOffset: number;
  readonly page: Promise<Page>;
  /** Why the latest try failed. */
  failure?: unknown;
  abandon(): void;
}

export const ownInput = (
  kafka: Kafka,
  topic: string,
  partition: number,
  maxBytes: number,
): OwnedInput => {
  const cluster = kafkaCluster(kafka, [topic]);
  const reader = partitionReader(cluster, topic, partition, 'input_unavailable');
  const ended = new AbortController();
  let position = 0;
  let handedOut: number | null = null;
  let endOffset = 0;
  let ahead: Ahead | null = null;
  /** Lets the poll that waits, if any, come back empty. */
  let stopWaiting = (): void => {};

  const fetchAhead = (fromOffset: number): Ahead => {
    const abandoned = new AbortController();
    const started: Ahead = {
      fromOffset,
      page: reader.page(fromOffset, {
        waitMs: FETCH_WAIT_MS,
        maxBytes,
        until: AbortSignal.any([ended.signal, abandoned.signal]),
        failed: (error) => {
          started.failure = error;
        },
      }),
      abandon: () => abandoned.abort(),
    };
    // Its failure is seen by the poll that takes it, or by no one after a seek.
    started.page.catch(() => undefined);
    return started;
  };

  const forget = (): void => {
    ahead?.abandon();
    ahead = null;
  };

  const take = (page: Page): InputBatch => {
    const records = readRecords(page.batches, position);
    position = page.nextOffset;
    endOffset = Math.max(page.endOffset, position);
    return { records, nextOffset: position, endOffset };
  };

  const nothing = (): InputBatch => ({ records: [], nextOffset: position, endOffset });

  const pollUntil = async (timeUp: Promise<undefined>): Promise<InputBatch> => {
    while (!ended.signal.aborted) {
      ahead ??= fetchAhead(position);
      const current: Ahead = ahead;
      const page = await Promise.race([current.page, timeUp]);
      if (page === undefined) {
        if (ended.signal.aborted || current.failure === undefined) break;
        throw readError(`${topic}/${partition}`, current.failure, 'input_unavailable');
      }
      ahead = null;
      const batch = take(page);
      if (page.nextOffset === current.fromOffset) continue;
      handedOut = position;
      if (position < endOffset) ahead = fetchAhead(position);
      return batch;
    }
    // A loop that polls on after the end must not keep everyone else from running.
    if (ended.signal.aborted) await setImmediate();
    return nothing();
  };

  const poll = async (waitMs: number): Promise<InputBatch> => {
    const timeUp = Promise.withResolvers<undefined>();
    stopWaiting = () => timeUp.resolve(undefined);
    const timer = setTimeout(stopWaiting, waitMs);
    try {
      return await pollUntil(timeUp.promise);
    } catch (error) {
      forget();
      if (ended.signal.aborted) return nothing();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    input: {
      partition,
      identify: () => identify(cluster, reader, within(IDENTIFY_TIMEOUT_MS, ended.signal)),
      seek: (offset) => {
        if (offset === position) return;
        position = offset;
        forget();
      },
      poll,
    },
    handedOut: () => handedOut,
    end: () => {
      ended.abort();
      stopWaiting();
      return cluster.close();
    },
  };
};

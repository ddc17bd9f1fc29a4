/**
 * Publishes the outbox of one claimed partition, commit by commit, beside the folding of the next.
 * Folds nothing and never skips: what can't be published holds everything after it back.
 */

import { HoldfastError, isHoldfastError } from '@holdfast/domain/errors.ts';
import { compareTail, type Remaining, readTail } from './output-tail.ts';
import type { Clock, DeltaSink, OutputBatch, OutputPosition, PartitionOutput } from './ports.ts';

export interface Publisher {
  /**
   * Takes what a commit publishes, and what of it remains where the log may hold a part. Resolves
   * when there is room for the next one.
   */
  submit(commit: number, batch: OutputBatch, remaining?: Remaining): Promise<void>;
  /**
   * The last commit that the log has acknowledged whole, and where the log stood then. Throws what
   * ended publishing: an owner with nothing to publish must learn of it, too.
   */
  readonly acknowledged: () => { readonly commit: number; readonly output: OutputPosition };
  /** Resolves when everything submitted is published; rejects with what ended publishing. */
  drain(): Promise<void>;
  /** Tries nothing again: an owner that was fenced opens no producer any more. */
  close(): Promise<void>;
}

export interface PublisherOptions {
  readonly partition: number;
  readonly sink: DeltaSink;
  readonly output: PartitionOutput;
  readonly start: { readonly commit: number; readonly output: OutputPosition };
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called when the output can't be reached, and with null when it can again. */
  readonly blocked: (error: Error | null) => void;
  readonly published: (deltas: number, deadLetters: number) => void;
}

/** Commits that may wait to be published while the next is folded. */
const MAX_WAITING = 2;
const RETRY_MS = 250;
const NOTHING: OutputBatch = { deltas: [], deadLetters: [] };

export function publisher(options: PublisherOptions): Publisher {
  const { partition, sink, clock, signal } = options;
  let { output } = options;
  let acknowledged = options.start;
  let failure: Error | null = null;
  let isClosing = false;
  let waiting = 0;
  let tail: Promise<void> = Promise.resolve();
  let room: (() => void) | null = null;

  /** Throws the ambiguous producer away: opening again fences it, then the log tells. */
  const readBack = async (batch: OutputBatch): Promise<Remaining> => {
    await output.close();
    output = await sink.open(partition);
    const verdict = compareTail(await readTail(output, acknowledged.output, [batch]), [batch]);
    if (verdict.kind === 'consistent') return verdict.remaining[0] as Remaining;
    // What this owner did not send, another one has sent.
    throw new HoldfastError('publish_fenced', `partition ${partition}: ${verdict.at}`);
  };

  const publishOne = async (
    commit: number,
    batch: OutputBatch,
    known: Remaining | undefined,
  ): Promise<void> => {
    let { rest, reached } = known ?? { rest: batch, reached: acknowledged.output };
    let inDoubt = false;
    while (rest.deltas.length + rest.deadLetters.length > 0) {
      try {
        if (inDoubt) {
          ({ rest, reached } = await readBack(batch));
          inDoubt = false;
          continue;
        }
        reached = await output.publish(rest);
        rest = NOTHING;
      } catch (error) {
        if (isClosing || signal.aborted || !isHoldfastError(error) || !error.retry) throw error;
        inDoubt ||= error.code !== 'output_unavailable';
        options.blocked(error);
        await clock.wait(RETRY_MS, signal);
        if (isClosing || signal.aborted) throw error;
      }
    }
    acknowledged = { commit, output: reached };
    options.blocked(null);
    options.published(batch.deltas.length, batch.deadLetters.length);
  };

  const submit = async (
    commit: number,
    batch: OutputBatch,
    remaining?: Remaining,
  ): Promise<void> => {
    if (failure !== null) throw failure;
    waiting += 1;
    tail = tail
      .then(() => (failure === null ? publishOne(commit, batch, remaining) : undefined))
      .catch((error: unknown) => {
        failure = error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => {
        waiting -= 1;
        room?.();
      });
    while (waiting >= MAX_WAITING && failure === null) {
      await new Promise<void>((resolve) => {
        room = resolve;
      });
    }
    if (failure !== null) throw failure;
  };

  const drain = async (): Promise<void> => {
    await tail;
    if (failure !== null) throw failure;
  };

  return {
    submit,
    acknowledged: () => {
      if (failure !== null) throw failure;
      return acknowledged;
    },
    drain,
    close: async () => {
      isClosing = true;
      await tail;
      await output.close();
    },
  };
}

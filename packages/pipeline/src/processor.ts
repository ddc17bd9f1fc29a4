/**
 * Owns what the group assigns to this member: one worker for each partition, ended in order.
 *
 * A worker that was fenced ends, and claims again only where the group still says so after a pause:
 * one that has lost its partition has learned of it by then, and is gone. But the rightful owner
 * may be the fenced one, by another that was late to learn, and nobody else would come.
 */

import type { EventLog, PartitionInput } from './ports.ts';
import { standBack } from './stand-back.ts';
import { runWorker, type WorkerTools } from './worker.ts';

export interface Processor {
  /** Resolves when the processor was closed, rejects with what can't be helped by trying again. */
  readonly done: Promise<void>;
  /** Gives every partition up in order: records in hand are committed and published. */
  close(): Promise<void>;
}

interface Owned {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

export async function startProcessor(log: EventLog, tools: WorkerTools): Promise<Processor> {
  const owned = new Map<number, Owned>();
  const done = Promise.withResolvers<void>();
  // Whoever starts a processor may look at `done` late.
  done.promise.catch(() => undefined);

  const work = async (input: PartitionInput, signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const end = await runWorker(tools, input, signal);
      tools.events.ended(input.partition, end);
      if (end === 'fenced') await standBack(tools, input.partition, signal);
    }
  };

  const assigned = (input: PartitionInput): void => {
    const stop = new AbortController();
    const ended = work(input, stop.signal).catch((error: unknown) => done.reject(error));
    owned.set(input.partition, { stop, ended });
  };

  const revoked = async (partition: number): Promise<void> => {
    const worker = owned.get(partition);
    owned.delete(partition);
    worker?.stop.abort();
    await worker?.ended;
  };

  const subscription = await log.subscribe({ assigned, revoked, failed: done.reject });
  return {
    done: done.promise,
    close: async () => {
      await subscription.close();
      done.resolve();
    },
  };
}

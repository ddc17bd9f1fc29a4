/**
 * One partition of the input as a process reads it over a network: some records a fetch, and a
 * wait at the end of the log that an append, the time or losing the partition ends.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { LogPartition } from '@holdfast/embedded/log-partition.ts';
import type { InputBatch, PartitionInput } from '@holdfast/pipeline/ports.ts';
import type { Random } from '@holdfast/simulation/random.ts';
import type { Network, Server } from './network.ts';
import type { SimulatedProcess } from './simulated-process.ts';

export interface HeldInput {
  readonly input: PartitionInput;
  /** From now on polls end empty. */
  end(): void;
}

export interface InputWorld {
  readonly logs: readonly LogPartition[];
  readonly network: Network;
  readonly server: Server;
  readonly random: Random;
}

const MOST_RECORDS = 6;
const away = (): HoldfastError => new HoldfastError('input_unavailable', 'simulated');

export const holdInput = (
  { logs, network, server, random }: InputWorld,
  process: SimulatedProcess,
  partition: number,
): HeldInput => {
  const log = logs[partition] as LogPartition;
  let position = 0;
  let hasEnded = false;
  let wake = (): void => {};

  const call = <Answer>(label: string, execute: () => Promise<Answer>): Promise<Answer> =>
    network.call(process, server, { label, execute, refused: away, inDoubt: away });

  const something = (waitMs: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = process.plan('poll waited', () => wake(), waitMs);
      const appended = (): void => {
        process.plan('poll woken', () => wake());
      };
      wake = () => {
        timer.cancel();
        log.offAppend(appended);
        wake = () => {};
        resolve();
      };
      log.onAppend(appended);
    });

  const nothing = (): InputBatch => ({
    records: [],
    nextOffset: position,
    endOffset: log.endOffset,
  });

  return {
    input: {
      partition,
      identify: () =>
        call(`input.identify ${partition}`, async () => ({
          incarnation: `simulated/${logs.length}/${log.digest}`,
          startOffset: log.startOffset,
          endOffset: log.endOffset,
        })),
      seek: (offset) => {
        position = offset;
      },
      poll: async (waitMs) => {
        if (!hasEnded && position === log.endOffset) await something(waitMs);
        if (hasEnded || position === log.endOffset) return nothing();
        const from = position;
        const most = random.between(1, MOST_RECORDS);
        const page = await call(`input.poll ${partition} from ${from}`, async () => ({
          ...log.read(from, most),
          endOffset: log.endOffset,
        }));
        if (hasEnded) return nothing();
        position = page.nextOffset;
        return page;
      },
    },
    end: () => {
      hasEnded = true;
      wake();
    },
  };
};

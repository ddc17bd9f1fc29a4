/**
 * The output logs behind a network: the embedded ones, read page by page, each page a call. An
 * output in doubt publishes no more, as Kafka's does.
 */

import { HoldfastError, isHoldfastError } from '@holdfast/domain/errors.ts';
import type { EmbeddedDeltaSink } from '@holdfast/embedded/output.ts';
import { headersOf } from '@holdfast/pipeline/headers.ts';
import type {
  DeltaSink,
  OutputBatch,
  OutputReader,
  PublishedRecord,
} from '@holdfast/pipeline/ports.ts';
import type { Network, Server } from './network.ts';
import type { SimulatedProcess } from './simulated-process.ts';

export interface OutputServer extends Server {
  /** Rights to write taken away: reading goes on. */
  mayWrite: boolean;
}

/** Sees what the logs have done. */
export interface OutputWatch {
  readonly published: (partition: number, batch: OutputBatch) => void;
  readonly opened: (partition: number) => void;
}

const PAGE_RECORDS = 3;
const away = (): HoldfastError => new HoldfastError('output_unavailable', 'simulated');
const inDoubt = (): HoldfastError => new HoldfastError('publish_in_doubt', 'simulated');

/** Reads without fencing anyone. */
export const simulatedReader = (
  truth: EmbeddedDeltaSink,
  network: Network,
  server: OutputServer,
  process: SimulatedProcess,
): OutputReader => {
  const call = <Answer>(label: string, execute: () => Promise<Answer>): Promise<Answer> =>
    network.call(process, server, { label, execute, refused: away, inDoubt: away });

  async function* pages(
    label: string,
    log: () => readonly PublishedRecord[],
    fromOffset: number,
  ): AsyncGenerator<readonly PublishedRecord[]> {
    for (let from = fromOffset; ; ) {
      const page = await call(`${label} from ${from}`, async () =>
        log()
          .filter(({ offset }) => offset >= from)
          .slice(0, PAGE_RECORDS),
      );
      const last = page.at(-1);
      if (last === undefined) return;
      yield page;
      from = last.offset + 1;
    }
  }

  return {
    lastDelta: (partition) => call(`sink.lastDelta ${partition}`, () => truth.lastDelta(partition)),
    readDeltas: (partition, from) =>
      pages(`sink.readDeltas ${partition}`, () => truth.deltas(partition), from),
    readDeadLetters: (partition, from) =>
      pages(`sink.readDeadLetters ${partition}`, () => truth.deadLetters(partition), from),
  };
};

export const simulatedSink = (
  truth: EmbeddedDeltaSink,
  network: Network,
  server: OutputServer,
  process: SimulatedProcess,
  watch: OutputWatch,
): DeltaSink => {
  const call = <Answer>(label: string, execute: () => Promise<Answer>): Promise<Answer> =>
    network.call(process, server, { label, execute, refused: away, inDoubt: away });
  const reader = simulatedReader(truth, network, server, process);

  return {
    lastDelta: reader.lastDelta,
    isUnderWay: (partition) =>
      call(`sink.isUnderWay ${partition}`, () => truth.isUnderWay(partition)),
    open: async (partition) => {
      const inner = await call(`sink.open ${partition}`, () => {
        watch.opened(partition);
        return truth.open(partition);
      });
      let broken: HoldfastError | null = null;
      const publish = (batch: OutputBatch) =>
        network.call(process, server, {
          label: `sink.publish ${partition} ${shown(batch)}`,
          refused: away,
          inDoubt,
          execute: async () => {
            if (!server.mayWrite) throw away();
            const position = await inner.publish(batch);
            watch.published(partition, batch);
            return position;
          },
        });
      return {
        publish: async (batch) => {
          if (broken !== null) throw broken;
          try {
            return await publish(batch);
          } catch (error) {
            if (isHoldfastError(error) && error.code !== 'output_unavailable') broken = error;
            throw error;
          }
        },
        readDeltas: (from) => reader.readDeltas(partition, from),
        readDeadLetters: (from) => reader.readDeadLetters(partition, from),
        end: () => call(`sink.end ${partition}`, () => inner.end()),
        close: () => inner.close(),
      };
    },
  };
};

const shown = ({ deltas, deadLetters }: OutputBatch): string =>
  [...deltas, ...deadLetters]
    .map(headersOf)
    .map((headers) => headers['holdfast-sequence'] ?? `dead ${headers['holdfast-offset']}`)
    .join(',');

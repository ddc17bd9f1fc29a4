/**
 * What the ledger can tell of the pipeline: how many records of the input are not in its figures,
 * and the dead letters by reason. Read anew in every process, kept nowhere; whatever is out of
 * reach, or not read to its end yet, is not known. Stops nothing: figures do not depend on it.
 */

import type { PipelineState } from '@holdfast/api/status.ts';
import { isHoldfastError } from '@holdfast/domain/errors.ts';
import type { InputEnds } from '@holdfast/kafka/input-ends.ts';
import type { Intake } from '@holdfast/ledger/intake.ts';
import { DEAD_LETTER_HEADERS } from '@holdfast/pipeline/headers.ts';
import type { Clock, OutputReader, PublishedRecord } from '@holdfast/pipeline/ports.ts';

const LOOK_EVERY_MS = 1_000;

export interface PipelineWatch {
  readonly state: () => PipelineState;
  /** Resolves once `stop` is raised; rejects with a defect. */
  readonly ended: Promise<unknown>;
}

export interface Watching {
  readonly intake: Pick<Intake, 'position'>;
  readonly partitions: number;
  readonly inputEnds: Pick<InputEnds, 'read'>;
  readonly reader: Pick<OutputReader, 'readDeadLetters'>;
  readonly clock: Pick<Clock, 'wait'>;
  readonly stop: AbortSignal;
  /** Why something is not known, again when that changes. */
  readonly failed: (error: Error) => void;
}

/** Looks again and again; `forget` is called when it could not. */
const looking = async (
  { clock, stop, failed }: Watching,
  look: () => Promise<void>,
  forget: () => void,
): Promise<void> => {
  let said: string | null = null;
  while (!stop.aborted) {
    try {
      await look();
      said = null;
    } catch (error) {
      if (!isHoldfastError(error)) throw error;
      forget();
      if (said !== error.message && !stop.aborted) failed(error);
      said = error.message;
    }
    await clock.wait(LOOK_EVERY_MS, stop);
  }
};

export function watchPipeline(watching: Watching): PipelineWatch {
  const { intake, partitions, inputEnds, reader } = watching;
  let ends: readonly number[] | null = null;
  const letters = Array.from({ length: partitions }, () => ({
    nextOffset: 0,
    known: false,
    counts: new Map<string, number>(),
  }));

  const readEnds = async (): Promise<void> => {
    ends = await inputEnds.read();
  };
  const readLetters = async (partition: number): Promise<void> => {
    const read = letters[partition] as (typeof letters)[number];
    for await (const page of reader.readDeadLetters(partition, read.nextOffset)) {
      for (const { headers } of page) {
        const reason = headers[DEAD_LETTER_HEADERS.reason];
        if (reason !== undefined) read.counts.set(reason, (read.counts.get(reason) ?? 0) + 1);
      }
      read.nextOffset = (page.at(-1) as PublishedRecord).offset + 1;
    }
    read.known = true;
  };

  const lagEvents = (): number | null =>
    ends?.reduce<number | null>((sum, end, partition) => {
      const { inputOffset } = intake.position(partition);
      return sum === null || inputOffset === null ? null : sum + Math.max(end - inputOffset, 0);
    }, 0) ?? null;

  const deadLetters = (): Record<string, number> | null => {
    if (letters.some(({ known }) => !known)) return null;
    const sums: Record<string, number> = {};
    for (const [reason, count] of letters.flatMap(({ counts }) => [...counts])) {
      sums[reason] = (sums[reason] ?? 0) + count;
    }
    return sums;
  };

  return {
    state: () => ({
      lagEvents: lagEvents(),
      deadLetters: deadLetters(),
      lastRecordAt: null,
      events: null,
    }),
    ended: Promise.all([
      looking(watching, readEnds, () => {
        ends = null;
      }),
      ...letters.map((read, partition) =>
        looking(
          watching,
          () => readLetters(partition),
          () => {
            read.known = false;
          },
        ),
      ),
    ]),
  };
}

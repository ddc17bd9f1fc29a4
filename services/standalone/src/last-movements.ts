/** Listens to what is published and keeps the last movements, for people to look at. */

import type { DeltaCodec } from '@holdfast/contracts/codec.ts';
import type { ArrDelta } from '@holdfast/domain/delta.ts';
import type { DeltaSink } from '@holdfast/pipeline/ports.ts';

export interface LastMovements {
  readonly sink: DeltaSink;
  /** The newest first. */
  readonly movements: () => readonly ArrDelta[];
}

export function lastMovements(sink: DeltaSink, codec: DeltaCodec, keep: number): LastMovements {
  let last: readonly ArrDelta[] = [];
  return {
    movements: () => last,
    sink: {
      ...sink,
      open: async (partition) => {
        const output = await sink.open(partition);
        return {
          ...output,
          publish: async (batch) => {
            const position = await output.publish(batch);
            const said = batch.deltas
              .slice(-4 * keep)
              .map(({ value }) => codec.decode(value as Uint8Array))
              .filter((delta) => delta.type === 'arr_delta' && delta.op === 'assert');
            last = [...(said as ArrDelta[]).reverse(), ...last].slice(0, keep);
            return position;
          },
        };
      },
    },
  };
}

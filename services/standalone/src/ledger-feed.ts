/** Hands what is published in this process on to a ledger, as a reader of the topic would get it. */

import type { DeltaCodec } from '@holdfast/contracts/codec.ts';
import type { Intake } from '@holdfast/ledger/intake.ts';
import type { Commit, DeltaSink } from '@holdfast/pipeline/ports.ts';

export interface LedgerFeed {
  readonly sink: DeltaSink;
  /** A commit says up to when its partition is complete once its deltas are published. */
  readonly committed: (partition: number, commit: Commit) => void;
}

export const ledgerFeed = (sink: DeltaSink, codec: DeltaCodec, intake: Intake): LedgerFeed => ({
  sink: {
    ...sink,
    open: async (partition) => {
      const output = await sink.open(partition);
      return {
        ...output,
        publish: async (batch) => {
          const position = await output.publish(batch);
          const deltas = batch.deltas.map(({ value }) => codec.decode(value as Uint8Array));
          await intake.take(partition, deltas, position.deltaOffset);
          return position;
        },
      };
    },
  },
  committed: (partition, { boundary, nextSequence }) =>
    intake.complete(partition, { asOf: boundary.asOf, nextSequence }),
});

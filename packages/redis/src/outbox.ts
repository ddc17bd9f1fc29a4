/** Puts the chunks of outbox entries together again, as the hash `outbox` holds them. */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import { number } from './reply.ts';

export interface OutboxEntry {
  readonly number: number;
  readonly entry: Uint8Array;
}

/** Ascending by commit number. Chunks of a commit that never happened are left out. */
export const entriesOf = (fields: ReadonlyMap<string, Buffer>): readonly OutboxEntry[] =>
  [...fields]
    .filter(([field]) => !field.includes('/'))
    .map(([field, chunks]): OutboxEntry => {
      const pieces: Buffer[] = [];
      for (let chunk = 0; chunk < number(chunks.toString(), `chunks of ${field}`); chunk += 1) {
        const piece = fields.get(`${field}/${chunk}`);
        if (piece === undefined) {
          throw new HoldfastError(
            'store_corrupt',
            `chunk ${chunk} of outbox entry ${field} is missing`,
          );
        }
        pieces.push(piece);
      }
      return { number: number(field, 'outbox entry'), entry: Buffer.concat(pieces) };
    })
    .sort((a, b) => a.number - b.number);

/** Places to go on from, as opaque texts. One that was tampered with is refused, never trusted. */

import { z } from 'zod';
import { wrongField } from './problem.ts';

export const CURSOR_LENGTH = 2_000;

export const writeCursor = (place: object): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

export function readCursor<Place>(text: string, schema: z.ZodType<Place>): Place {
  try {
    return schema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch {
    throw wrongField('cursor', text, 'the "next" of the answer before');
  }
}

/** A whole number from 0 on. */
export const wholeNumber = z.int().min(0);

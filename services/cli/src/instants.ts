/** Instants as flags give them: with an offset, or a date alone in the policy's time zone. */

import { type OfDay, readInstantOrDate } from '@holdfast/contracts/instant-or-date.ts';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { TimeZone } from '@holdfast/domain/time-zone.ts';

/** Throws `usage`, naming the flag. */
export function readInstant(flag: string, text: string, zone: TimeZone, ofDay: OfDay): number {
  const read = readInstantOrDate(text, zone, ofDay);
  if ('at' in read) return read.at;
  throw new HoldfastError('usage', `--${flag} "${text}"; want ${read.want}`);
}

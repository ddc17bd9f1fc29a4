/** Durations as flags give them. */

import { longestDays, parseDuration } from '@holdfast/domain/duration.ts';
import { HoldfastError } from '@holdfast/domain/errors.ts';

/** A hundred years. */
const LONGEST_DAYS = 36_600;

/** The text itself where it is a duration that a window or a period can have. Throws `usage`. */
export function readDuration(flag: string, text: string): string {
  const duration = parseDuration(text);
  if (duration === undefined || duration.count === 0 || longestDays(duration) > LONGEST_DAYS) {
    throw new HoldfastError(
      'usage',
      `--${flag} "${text}"; want PnD, PnW, PnM or PnY, such as P12M, up to a hundred years`,
    );
  }
  return text;
}

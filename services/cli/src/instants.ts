/** Instants as flags give them: with an offset, or a date alone in the policy's time zone. */

import { INSTANT_FORM, parseInstant } from '@holdfast/contracts/instant-text.ts';
import { LAST_INSTANT } from '@holdfast/domain/admit.ts';
import { DAY_MS } from '@holdfast/domain/civil-date.ts';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { TimeZone } from '@holdfast/domain/time-zone.ts';

/** Which instant of its day a date alone means. */
export type OfDay = 'first' | 'last';

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Throws `usage`, naming the flag. */
export function readInstant(flag: string, text: string, zone: TimeZone, ofDay: OfDay): number {
  const at = DATE.test(text) ? dayInstant(text, zone, ofDay) : parseInstant(text);
  if (at === null) throw wrong(flag, text, `${INSTANT_FORM}, or a date alone`);
  if (at < 0 || at > LAST_INSTANT) throw wrong(flag, text, 'an instant in the years 1970 to 9999');
  return at;
}

function dayInstant(text: string, zone: TimeZone, ofDay: OfDay): number | null {
  const midnight = parseInstant(`${text}T00:00Z`);
  if (midnight === null) return null;
  const day = midnight / DAY_MS;
  return ofDay === 'first' ? zone.startOf(day) : zone.startOf(day + 1) - 1;
}

const wrong = (flag: string, text: string, want: string): HoldfastError =>
  new HoldfastError('usage', `--${flag} "${text}"; want ${want}`);

/** Instants as people ask for them: ISO 8601 with an offset, or a date alone in a time zone. */

import { LAST_INSTANT } from '@holdfast/domain/admit.ts';
import { DAY_MS } from '@holdfast/domain/civil-date.ts';
import type { TimeZone } from '@holdfast/domain/time-zone.ts';
import { INSTANT_FORM, parseInstant } from './instant-text.ts';

/** Which instant of its day a date alone means. */
export type OfDay = 'first' | 'last';

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** The instant, or what is wanted instead. */
export type AskedInstant = { readonly at: number } | { readonly want: string };

export function readInstantOrDate(text: string, zone: TimeZone, ofDay: OfDay): AskedInstant {
  const at = DATE.test(text) ? dayInstant(text, zone, ofDay) : parseInstant(text);
  if (at === null) return { want: `${INSTANT_FORM}, or a date alone` };
  if (at < 0 || at > LAST_INSTANT) return { want: 'an instant in the years 1970 to 9999' };
  return { at };
}

function dayInstant(text: string, zone: TimeZone, ofDay: OfDay): number | null {
  const midnight = parseInstant(`${text}T00:00Z`);
  if (midnight === null) return null;
  const day = midnight / DAY_MS;
  return ofDay === 'first' ? zone.startOf(day) : zone.startOf(day + 1) - 1;
}

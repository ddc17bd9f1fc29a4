/**
 * `HOLDFAST_CLOCK`: which time the service lives in. The wall's for real work; a fixed or a faster
 * one, so that tests and the demo choose their instant. Only reads the words; the service's main
 * makes the clock.
 */

import { type Instant, instant } from '@holdfast/domain/scalars.ts';
import { kind } from './kinds.ts';
import type { Kind } from './variable.ts';

export type ClockSetting =
  | { readonly kind: 'wall' }
  | { readonly kind: 'fixed'; readonly at: Instant }
  /** Starts at `from` when the service starts; `speed` simulated seconds pass in one real second. */
  | { readonly kind: 'from'; readonly from: Instant; readonly speed: number };

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?(?:Z|([+-])(\d\d):(\d\d))$/;

/** ISO 8601 with an offset; undefined for anything else and for days that do not exist. */
export const readInstant = (text: string): Instant | undefined => {
  const found = ISO.exec(text);
  if (found === null) return undefined;
  const [year, month, day, hour, minute, second] = found
    .slice(1, 7)
    .map((part) => Number(part ?? 0)) as [number, number, number, number, number, number];
  const [offsetHour, offsetMinute] = [Number(found[9] ?? 0), Number(found[10] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) {
    return undefined;
  }
  const local = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const exists = local.getUTCMonth() === month - 1 && local.getUTCDate() === day;
  if (!exists || year < 1970) return undefined;
  const milliseconds = Number((found[7] ?? '').padEnd(3, '0'));
  const offset = (offsetHour * 60 + offsetMinute) * 60_000 * (found[8] === '-' ? -1 : 1);
  return instant(local.getTime() + milliseconds - offset);
};

/** A day a second is 86400; a year a second is the most that is taken. */
const GREATEST_SPEED = 31_622_400;

export const clockSetting: Kind<ClockSetting> = kind(
  'wall, fixed:<instant> or from:<instant>,speed:<times, above 0>; an instant is ISO 8601 with an offset',
  (text): ClockSetting | undefined => {
    if (text === 'wall') return { kind: 'wall' };
    const fixed = /^fixed:(.+)$/.exec(text);
    if (fixed !== null) {
      const at = readInstant(fixed[1] ?? '');
      return at === undefined ? undefined : { kind: 'fixed', at };
    }
    const running = /^from:([^,]+),speed:(\d{1,8}(?:\.\d{1,6})?)$/.exec(text);
    const from = readInstant(running?.[1] ?? '');
    const speed = Number(running?.[2] ?? 0);
    if (from === undefined || speed <= 0 || speed > GREATEST_SPEED) return undefined;
    return { kind: 'from', from, speed };
  },
);

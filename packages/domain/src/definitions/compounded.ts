/**
 * `compounded`: the product of the point_to_point NRR of the window's months, each with a cohort
 * of its own. NRR only; the months have no sums in common.
 */

import { parseDuration } from '../duration.ts';
import { HoldfastError } from '../errors.ts';
import { nearestRatio } from '../nearest-ratio.ts';
import { windowOf } from '../window.ts';
import { type Definition, NRR_ONLY, type Span } from './definition.ts';
import { pointToPointShare } from './point-to-point.ts';

export const compounded: Definition = {
  name: 'compounded',
  byMember: false,
  spansOf({ zone, window, asOf }) {
    const duration = parseDuration(window);
    if (duration?.unit !== 'month') {
      throw new HoldfastError(
        'usage',
        `window ${window} with definition compounded; want whole months, such as P12M`,
      );
    }
    const spans: Span[] = [];
    let end = asOf + 1;
    for (let months = 1; months <= duration.count; months += 1) {
      const start = windowOf(`P${months}M`, zone).startFor(asOf + 1);
      spans.push({ start, end });
      end = start;
    }
    return spans;
  },
  shareOf: pointToPointShare,
  figureOf(months) {
    // Rounded once, at the end: a product of rounded months is off in its last digit.
    let [closed, opened] = [1n, 1n];
    for (const { opening, closing } of months) {
      closed *= BigInt(closing);
      opened *= BigInt(opening);
    }
    const nrr = opened === 0n ? null : nearestRatio(closed, opened);
    return { ...NRR_ONLY, nrr };
  },
};

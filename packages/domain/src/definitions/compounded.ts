/**
 * `compounded`: the product of the point_to_point NRR of the window's months, each with a cohort
 * of its own. NRR only; the months have no sums in common.
 */

import { parseDuration } from '../duration.ts';
import { HoldfastError } from '../errors.ts';
import { windowOf } from '../window.ts';
import { type Definition, NRR_ONLY, ratio, type Span } from './definition.ts';
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
    let product: number | null = 1;
    for (const { opening, closing } of months) {
      const month = ratio(closing, opening);
      product = product === null || month === null ? null : product * month;
    }
    return { ...NRR_ONLY, nrr: product };
  },
};

/**
 * `path`: GRR keeps the least that a customer had at any instant of the window, so what was lost
 * stays lost; all else as point_to_point.
 */

import { type Definition, wholeWindow } from './definition.ts';
import { lowestWithin } from './lowest.ts';
import { pointToPointShare, wholeFigure } from './point-to-point.ts';

export const path: Definition = {
  name: 'path',
  byMember: true,
  spansOf: wholeWindow,
  shareOf(customer, span) {
    const share = pointToPointShare(customer, span);
    if (share === null) return null;
    return { ...share, kept: Math.min(share.opening, lowestWithin(customer.steps, span)) };
  },
  figureOf: wholeFigure,
};

/** `no_returners`: whoever was at 0 at any instant of the window is lost, also if it came back. */

import { type Definition, wholeWindow } from './definition.ts';
import { lowestWithin } from './lowest.ts';
import { pointToPointShare, shareBetween, wholeFigure } from './point-to-point.ts';

export const noReturners: Definition = {
  name: 'no_returners',
  byMember: true,
  spansOf: wholeWindow,
  shareOf(customer, span) {
    const share = pointToPointShare(customer, span);
    if (share === null || lowestWithin(customer.steps, span) > 0) return share;
    return shareBetween(share.opening, 0);
  },
  figureOf: wholeFigure,
};

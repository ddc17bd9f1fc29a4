/** `point_to_point`, the primary definition: ARR just before the window against ARR at its end. */

import type { Customer } from '../customer.ts';
import { arrAt } from '../steps.ts';
import {
  type Definition,
  type RetentionFigure,
  ratio,
  type Share,
  type ShareSums,
  type Span,
  wholeWindow,
} from './definition.ts';

/** The share of a customer that had A and counts as having B. */
export const shareBetween = (opening: number, closing: number): Share => ({
  opening,
  expansion: Math.max(closing - opening, 0),
  contraction: closing > 0 ? Math.max(opening - closing, 0) : 0,
  churned: closing === 0 ? opening : 0,
  closing,
  kept: Math.min(opening, closing),
});

export function pointToPointShare(
  { steps }: Pick<Customer, 'steps'>,
  { start, end }: Span,
): Share | null {
  const opening = arrAt(steps, start - 1);
  return opening === 0 ? null : shareBetween(opening, arrAt(steps, end - 1));
}

/** Every part and every ratio, of the one span. */
export function wholeFigure(spans: readonly ShareSums[]): RetentionFigure {
  const sums = spans[0] as ShareSums;
  return {
    openingArrMinor: sums.opening,
    expansionArrMinor: sums.expansion,
    contractionArrMinor: sums.contraction,
    churnedArrMinor: sums.churned,
    closingArrMinor: sums.closing,
    openingCustomers: sums.openingCustomers,
    retainedCustomers: sums.retainedCustomers,
    nrr: ratio(sums.closing, sums.opening),
    grr: ratio(sums.kept, sums.opening),
    logoRetention: ratio(sums.retainedCustomers, sums.openingCustomers),
  };
}

export const pointToPoint: Definition = {
  name: 'point_to_point',
  byMember: true,
  spansOf: wholeWindow,
  shareOf: pointToPointShare,
  figureOf: wholeFigure,
};

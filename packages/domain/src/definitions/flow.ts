/**
 * `flow`, the monthly formula of the handbooks: opening ARR of all, and every expansion,
 * contraction and churn inside the window, whoever's it is; new and reactivation are left out.
 * NRR only. Its closing is opening and those flows, not anyone's ARR at the end.
 */

import { arrAt } from '../steps.ts';
import { type Definition, NRR_ONLY, ratio, type ShareSums, wholeWindow } from './definition.ts';
import { shareBetween } from './point-to-point.ts';

export const flow: Definition = {
  name: 'flow',
  byMember: false,
  spansOf: wholeWindow,
  shareOf(customer, { start, end }) {
    const steps = customer.steps;
    const opening = arrAt(steps, start - 1);
    let [expansion, contraction, churned] = [0, 0, 0];
    let before = opening;
    for (let index = 0; index < steps.at.length; index += 1) {
      const at = steps.at[index] as number;
      if (at < start) continue;
      if (at >= end) break;
      const after = steps.arr[index] as number;
      // From 0 it is new or a reactivation, not a flow of what was there.
      if (before > 0) {
        const step = shareBetween(before, after);
        expansion += step.expansion;
        contraction += step.contraction;
        churned += step.churned;
      }
      before = after;
    }
    const moved = expansion + contraction + churned;
    if (opening === 0 && moved === 0) return null;
    const closing = opening + expansion - contraction - churned;
    return { opening, expansion, contraction, churned, closing, kept: 0 };
  },
  figureOf(spans) {
    const sums = spans[0] as ShareSums;
    return {
      ...NRR_ONLY,
      openingArrMinor: sums.opening,
      expansionArrMinor: sums.expansion,
      contractionArrMinor: sums.contraction,
      churnedArrMinor: sums.churned,
      closingArrMinor: sums.closing,
      nrr: ratio(sums.closing, sums.opening),
    };
  },
};

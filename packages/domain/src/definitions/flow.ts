/**
 * `flow`, the monthly formula of the handbooks: opening ARR of all, and every expansion,
 * contraction and churn inside the window, whoever's it is; new and reactivation are left out.
 * NRR only. Its closing is opening and those flows, not anyone's ARR at the end.
 */

import { kindOf } from '../movements.ts';
import { nrr } from '../ratios.ts';
import { arrAt, stepsOf } from '../steps.ts';
import { type Definition, wholeWindow } from './definition.ts';

export const flow: Definition = {
  name: 'flow',
  byMember: false,
  spansOf: wholeWindow,
  shareOf(customer, { start, end }) {
    const steps = stepsOf(customer);
    const opening = arrAt(steps, start - 1);
    let [expansion, contraction, churned] = [0, 0, 0];
    let before = opening;
    for (let index = 0; index < steps.at.length; index += 1) {
      const at = steps.at[index] as number;
      if (at < start) continue;
      if (at >= end) break;
      const after = steps.arr[index] as number;
      const kind = kindOf(before, after, index === 0);
      if (kind === 'expansion') expansion += after - before;
      else if (kind === 'contraction') contraction += before - after;
      else if (kind === 'churn') churned += before;
      before = after;
    }
    const losses = contraction + churned;
    if (opening === 0 && expansion === 0 && losses === 0) return null;
    const closing = opening + expansion - losses;
    return { opening, expansion, contraction, churned, closing, kept: 0 };
  },
  figureOf([sums]) {
    const parts = {
      openingArrMinor: sums!.opening,
      expansionArrMinor: sums!.expansion,
      contractionArrMinor: sums!.contraction,
      churnedArrMinor: sums!.churned,
      closingArrMinor: sums!.closing,
    };
    const counts = { openingCustomers: 0, retainedCustomers: 0 };
    return {
      ...parts,
      openingCustomers: null,
      retainedCustomers: null,
      nrr: nrr({ ...parts, ...counts }),
      grr: null,
      logoRetention: null,
    };
  },
};

/** Hands out the simulated company's records up to an instant, in order. */

import type { ChangeRecord } from '@holdfast/domain/records.ts';

export type Feed = (upTo: number) => readonly ChangeRecord[];

/** `company` never ends. */
export function companyFeed(company: Iterator<ChangeRecord, never>): Feed {
  let next = company.next().value;
  return (upTo) => {
    const due: ChangeRecord[] = [];
    while (next.recordedAt <= upTo) {
      due.push(next);
      next = company.next().value;
    }
    return due;
  };
}

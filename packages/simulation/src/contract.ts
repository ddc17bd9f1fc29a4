/**
 * One simulated subscription as its billing system holds it: what is charged now, and what is
 * agreed for later. What is written of it stands in contract-record.ts.
 */

import type { Billing, SubscriptionStatus } from '@holdfast/domain/records.ts';
import type { Instant } from '@holdfast/domain/scalars.ts';
import type { TermMonths } from './calendar.ts';

export interface Line {
  readonly productId: string;
  readonly seats: number;
  /** Minor units for one seat and month. */
  readonly unitMinor: number;
  readonly billing: Billing;
}

export interface Content {
  readonly status: SubscriptionStatus;
  readonly lines: readonly Line[];
  /** Percent off for now. */
  readonly discount: number;
}

export type Amendment =
  | { readonly kind: 'seats'; readonly seats: number }
  | { readonly kind: 'add'; readonly line: Line }
  | { readonly kind: 'remove'; readonly productId: string }
  | { readonly kind: 'price'; readonly percent: number }
  | { readonly kind: 'full_price' }
  | { readonly kind: 'status'; readonly status: SubscriptionStatus };

/** Something agreed that is still to come. */
export interface Agreed {
  readonly at: Instant;
  readonly amendment: Amendment;
}

export interface Contract {
  readonly subscriptionId: string;
  readonly term: TermMonths;
  /** Day from which periods are counted, days since 1970. */
  readonly anchor: number;
  readonly currency: string;
  version: number;
  content: Content;
  /** From when `content` holds. */
  since: Instant;
  /** Ascending. */
  agreed: readonly Agreed[];
}

export const amended = (content: Content, amendment: Amendment): Content => {
  // What was charged once is not on the next bill.
  const lines = content.lines.filter(({ billing }) => billing !== 'one_time');
  switch (amendment.kind) {
    case 'seats': {
      const { seats } = amendment;
      return {
        ...content,
        lines: lines.map((line) => (line.seats > 1 ? { ...line, seats } : line)),
      };
    }
    case 'add':
      return { ...content, lines: [...lines, amendment.line] };
    case 'remove':
      return {
        ...content,
        lines: lines.filter(({ productId }) => productId !== amendment.productId),
      };
    case 'price': {
      const factor = 1 + amendment.percent / 100;
      const raised = (line: Line): Line => ({
        ...line,
        unitMinor: Math.round(line.unitMinor * factor),
      });
      return { ...content, lines: lines.map(raised) };
    }
    case 'full_price':
      return { ...content, lines, discount: 0 };
    case 'status':
      return { ...content, lines, status: amendment.status };
  }
};

/** What was agreed for instants up to `now` holds now. */
export const settle = (contract: Contract, now: Instant): void => {
  for (const { at, amendment } of contract.agreed) {
    if (at > now) break;
    contract.content = amended(contract.content, amendment);
    contract.since = at;
  }
  contract.agreed = contract.agreed.filter(({ at }) => at > now);
};

/** Agrees on something for later, beside what is agreed already. */
export const agree = (contract: Contract, at: Instant, amendment: Amendment): void => {
  contract.agreed = [...contract.agreed, { at, amendment }].sort((a, b) => a.at - b.at);
};

/**
 * What a definition of retention is: which spans of time it measures, what one customer's share of
 * a span is, and which figure the sums of shares make. Each definition has a file of its own
 * beside this one; figures of two definitions are never mixed.
 */

import type { Customer } from '../customer.ts';
import type { TimeZone } from '../time-zone.ts';
import { windowOf } from '../window.ts';

export const DEFINITION_NAMES = [
  'point_to_point',
  'no_returners',
  'path',
  'flow',
  'compounded',
] as const;
export type DefinitionName = (typeof DEFINITION_NAMES)[number];

/** Instants from `start` up to, not including, `end`; A is ARR just before one, B before the other. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A window at an as-of, still to be cut into spans. */
export interface Measured {
  readonly zone: TimeZone;
  /** ISO 8601 duration, as asked for. */
  readonly window: string;
  readonly asOf: number;
}

/** One customer's part in a span; minor units, losses positive. Sums of shares are the figure. */
export interface Share {
  readonly opening: number;
  readonly expansion: number;
  readonly contraction: number;
  readonly churned: number;
  readonly closing: number;
  /** Its part of the numerator of GRR. */
  readonly kept: number;
}

/** Shares of a whole span added up. */
export interface ShareSums extends Share {
  /** Customers with a share, and those of them that closed with something. */
  readonly openingCustomers: number;
  readonly retainedCustomers: number;
}

/** Null where the definition has no such part, or, for a ratio, where nothing was open. */
export interface RetentionFigure {
  readonly openingArrMinor: number | null;
  readonly expansionArrMinor: number | null;
  readonly contractionArrMinor: number | null;
  readonly churnedArrMinor: number | null;
  readonly closingArrMinor: number | null;
  readonly openingCustomers: number | null;
  readonly retainedCustomers: number | null;
  readonly nrr: number | null;
  readonly grr: number | null;
  readonly logoRetention: number | null;
}

export interface Definition {
  readonly name: DefinitionName;
  /** Whether it can be split by a dimension. */
  readonly byMember: boolean;
  /** At least one. Throws `usage` for a window that the definition can't measure. */
  spansOf(measured: Measured): readonly Span[];
  /** Null for a customer that has no part in the span. */
  shareOf(customer: Customer, span: Span): Share | null;
  /** From the sums of each span, in the order of `spansOf`. */
  figureOf(sums: readonly ShareSums[]): RetentionFigure;
}

/** Nothing in the whole: no ratio, never 0 or 1. */
export const ratio = (part: number, whole: number): number | null =>
  whole === 0 ? null : part / whole;

/** The figure of a definition that knows NRR only and has no sums to show. */
export const NRR_ONLY: RetentionFigure = {
  openingArrMinor: null,
  expansionArrMinor: null,
  contractionArrMinor: null,
  churnedArrMinor: null,
  closingArrMinor: null,
  openingCustomers: null,
  retainedCustomers: null,
  nrr: null,
  grr: null,
  logoRetention: null,
};

/** The one span of most definitions: the window [s, t + 1 ms). */
export const wholeWindow = ({ zone, window, asOf }: Measured): readonly Span[] => [
  { start: windowOf(window, zone).startFor(asOf + 1), end: asOf + 1 },
];

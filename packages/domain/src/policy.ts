/**
 * The rules a company chooses once for a generation of figures. Plain data; `packages/config`
 * reads and validates it, `compilePolicy` prepares it for the fold.
 */

/** A dimension of the gauges: an attribute, the members to name, and how many at most. */
export interface Dimension {
  readonly name: string;
  /** Members to name in gauges; without it the largest by ARR are named. */
  readonly members?: readonly string[];
  /** The greatest number of members named in gauges; the rest is `other`. */
  readonly cap: number;
}

export interface Policy {
  /** ISO 4217 code in which every figure is kept. */
  readonly reportingCurrency: string;
  /** Reporting units for one unit of the currency, as exact decimal strings. */
  readonly rates: Readonly<Record<string, string>>;
  /** IANA name; windows and periods go by its calendar. */
  readonly timeZone: string;
  /** ISO 8601 durations: PnD, PnW, PnM or PnY. */
  readonly windows: readonly string[];
  readonly dimensions: readonly Dimension[];
  readonly pastDue: 'count' | 'exclude';
  readonly paused: 'count' | 'exclude';
  readonly usage: 'include' | 'exclude';
  /** How late a record may be, beyond the longest window, and still be placed exactly. */
  readonly lateness: string;
  /** Ranking of sources on a clash of attributes, the highest first. */
  readonly sources: readonly string[];
}

/** Gauges name this many members of a dimension unless the policy says otherwise. */
export const DEFAULT_MEMBER_CAP = 50;

export const DEFAULT_POLICY: Policy = {
  reportingCurrency: 'USD',
  rates: {},
  timeZone: 'UTC',
  windows: ['P1M', 'P3M', 'P12M'],
  dimensions: [],
  pastDue: 'count',
  paused: 'exclude',
  usage: 'exclude',
  lateness: 'P90D',
  sources: [],
};

/** What the query API answers, as far as the console reads it. Money in minor units, losses positive. */

export interface Status {
  /** The newest instant up to which the ledger is complete. */
  readonly as_of: string | null;
  readonly generation: string;
  readonly reporting_currency: string;
  readonly time_zone: string;
  readonly windows: readonly string[];
  readonly dimensions: readonly string[];
  readonly first_effective_at: string | null;
  readonly simulated: boolean;
  readonly complete: boolean;
  /** Null where it is not known. */
  readonly lag_events: number | null;
  readonly age_seconds: number | null;
  readonly last_record_at: string | null;
  readonly events: Readonly<Record<string, number>> | null;
  readonly dead_letters: Readonly<Record<string, number>> | null;
  readonly deltas: number;
  readonly customers: number;
}

/** One member's retention; null where the definition has no such part or nothing was open. */
export interface RetentionRow {
  readonly dimension: string;
  readonly member: string;
  readonly opening_arr_minor: number | null;
  readonly expansion_arr_minor: number | null;
  readonly contraction_arr_minor: number | null;
  readonly churned_arr_minor: number | null;
  readonly closing_arr_minor: number | null;
  readonly opening_customers: number | null;
  readonly retained_customers: number | null;
  readonly nrr: number | null;
  readonly grr: number | null;
  readonly logo_retention: number | null;
  /** All customers at the as-of, those won inside the window too. */
  readonly arr_minor: number;
  readonly customers: number;
}

export interface Retention {
  readonly as_of: string;
  readonly window: string;
  readonly definition: string;
  readonly currency: string;
  readonly rows: readonly RetentionRow[];
}

export interface HistoryPoint {
  readonly as_of: string;
  /** The last point: its month has not ended. */
  readonly open: boolean;
  readonly rows: readonly RetentionRow[];
}

export interface History {
  readonly points: readonly HistoryPoint[];
}

export interface BridgeRow {
  readonly from: string;
  readonly to: string;
  readonly dimension: string;
  readonly member: string;
  readonly opening_arr_minor: number;
  readonly new_arr_minor: number;
  readonly reactivation_arr_minor: number;
  readonly expansion_arr_minor: number;
  readonly contraction_arr_minor: number;
  readonly churned_arr_minor: number;
  readonly closing_arr_minor: number;
}

export interface Bridge {
  readonly rows: readonly BridgeRow[];
}

export interface Driver {
  readonly driver: string;
  readonly product_id?: string;
  readonly amount_minor: number;
}

export interface Cause {
  readonly event_id: string;
  readonly source: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export interface FeedRow {
  readonly delta_id: string;
  readonly customer_id: string;
  readonly customer_name: string | null;
  readonly effective_at: string;
  readonly known_at: string;
  readonly op: 'assert' | 'retract';
  readonly movement: string;
  readonly arr_before_minor: number;
  readonly arr_after_minor: number;
  readonly amount_minor: number;
  readonly drivers: readonly Driver[];
  readonly cause: Cause;
  readonly restatement: string | null;
}

export interface Feed {
  readonly rows: readonly FeedRow[];
  readonly next: string | null;
}

/** One customer's share in the figure. */
export interface ShareRow {
  readonly customer_id: string;
  readonly name: string | null;
  readonly opening_arr_minor: number;
  readonly expansion_arr_minor: number;
  readonly contraction_arr_minor: number;
  readonly churned_arr_minor: number;
  readonly closing_arr_minor: number;
  readonly drivers: readonly Driver[];
  readonly events: readonly { readonly event_id: string }[];
}

export interface Explanation {
  readonly as_of: string;
  readonly rows: readonly ShareRow[];
  /** The row of the figure that is explained. */
  readonly total: RetentionRow | null;
  /** How many customers have a share. */
  readonly customers: number;
  /** Sums over all of them, the greatest first. */
  readonly drivers?: readonly Driver[];
  readonly next: string | null;
}

export interface RestatedEvent {
  readonly event_id: string;
  readonly customer_id: string;
  readonly customer_name: string | null;
  readonly effective_at: string;
  readonly known_at: string;
  readonly amount_minor: number;
}

export interface Restated {
  readonly known: RetentionRow;
  readonly corrected: RetentionRow;
  /** Of all; the list may be shorter. */
  readonly event_count: number;
  readonly difference: { readonly nrr: number | null; readonly grr: number | null };
  readonly events: readonly RestatedEvent[];
}

export interface Restatements {
  readonly rows: readonly Restatement[];
}

/** A generation, with its policy, that was put in force over another. */
export interface Restatement {
  readonly restatement: string;
  readonly generation: string;
  /** What was known last before. */
  readonly after_known_at: string;
  /** Of the earliest movement that it changed. */
  readonly effective_from: string;
  readonly deltas: number;
  readonly amount_minor: number;
}

export interface Step {
  readonly effective_at: string;
  readonly arr_before_minor: number;
  readonly arr_after_minor: number;
  readonly amount_minor: number;
  readonly movement: string;
  readonly drivers: readonly Driver[];
  readonly known_at: string;
  readonly cause: Cause;
  readonly restatement: string | null;
}

export interface Retracted extends Step {
  readonly retracted_at: string;
  readonly retracted_by: Cause;
}

export interface CustomerWindow {
  readonly window: string;
  readonly from: string;
  readonly to: string;
  readonly opening_arr_minor: number;
  readonly expansion_arr_minor: number;
  readonly contraction_arr_minor: number;
  readonly churned_arr_minor: number;
  readonly closing_arr_minor: number;
  readonly member_by: Readonly<Record<string, string>>;
}

export interface Customer {
  readonly customer_id: string;
  readonly name: string | null;
  readonly attributes: Readonly<Record<string, string>>;
  readonly currency: string;
  readonly arr_minor: number;
  readonly as_of: string;
  readonly steps: readonly Step[];
  readonly retracted: readonly Retracted[];
  readonly windows: readonly CustomerWindow[];
}

export interface FoundCustomer {
  readonly customer_id: string;
  readonly name: string | null;
  readonly arr_minor: number;
}

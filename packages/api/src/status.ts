/** `/v1/status`: what the ledger holds, how old it is, and what the pipeline says of itself. */

import type { Ledger } from '@holdfast/ledger/ledger.ts';
import type { StatusAnswer } from './answers.ts';
import { iso, isoOrNull } from './to-json.ts';

/** What is known beyond the ledger; a null is not known. */
export interface PipelineState {
  readonly lagEvents: number | null;
  readonly lastRecordAt: number | null;
  readonly events: Readonly<Record<string, number>> | null;
  readonly deadLetters: Readonly<Record<string, number>> | null;
}

export interface StatusTools {
  readonly ledger: Ledger;
  readonly clock: { readonly simulated: boolean; now(): number };
  /** Real ms, from any zero. */
  readonly stopwatch: () => number;
  readonly pipeline: () => PipelineState;
}

/** A way to say where the ledger stands now. */
export const statusOf = ({
  ledger,
  clock,
  stopwatch,
  pipeline,
}: StatusTools): (() => StatusAnswer) => {
  const { intake, rules } = ledger;
  /** A simulated as-of is as old as the real time since it moved. */
  let moved = { asOf: intake.asOf(), at: stopwatch() };
  intake.watch(() => {
    const asOf = intake.asOf();
    if (asOf !== moved.asOf) moved = { asOf, at: stopwatch() };
  });
  const ageOf = (asOf: number | null): number | null => {
    if (asOf === null) return null;
    const ms = clock.simulated ? stopwatch() - moved.at : clock.now() - asOf;
    return Math.max(0, Math.round(ms) / 1_000);
  };
  return () => {
    const asOf = intake.asOf();
    const known = pipeline();
    const lastRecordAt = known.lastRecordAt ?? intake.lastKnownAt;
    return {
      as_of: isoOrNull(asOf),
      generation: intake.generation,
      reporting_currency: rules.policy.reportingCurrency,
      time_zone: rules.zone.name,
      windows: [...rules.policy.windows],
      dimensions: [...rules.dimensions],
      first_effective_at: isoOrNull(intake.firstEffectiveAt),
      simulated: clock.simulated,
      complete: asOf !== null,
      lag_events: known.lagEvents,
      age_seconds: ageOf(asOf),
      last_record_at: lastRecordAt === null ? null : iso(lastRecordAt),
      events: known.events === null ? null : { ...known.events },
      dead_letters: known.deadLetters === null ? null : { ...known.deadLetters },
      deltas: intake.size,
      customers: intake.customers,
    };
  };
};

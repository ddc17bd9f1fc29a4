/** What the ledger answers, in the names and forms of the HTTP contract. */

import { shareJson } from '@holdfast/contracts/answer-json.ts';
import type { CustomerStory } from '@holdfast/ledger/customer-story.ts';
import type { ExplainedCustomer } from '@holdfast/ledger/explain.ts';
import type { CauseRow, MovementRow } from '@holdfast/ledger/movement-rows.ts';
import type { RestatingEvent } from '@holdfast/ledger/restated.ts';
import type { MovementJson } from './answers.ts';

export const iso = (at: number): string => new Date(at).toISOString();
export const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

const causeJson = ({ eventId, source, topic, partition, offset }: CauseRow) => ({
  event_id: eventId,
  source,
  topic,
  partition,
  offset,
});

const stepJson = (row: MovementRow) => ({
  effective_at: iso(row.effectiveAt),
  arr_before_minor: row.arrBeforeMinor,
  arr_after_minor: row.arrAfterMinor,
  amount_minor: row.amountMinor,
  movement: row.movement,
  drivers: [...row.drivers],
  known_at: iso(row.knownAt),
  cause: causeJson(row.cause),
  restatement: row.restatement,
});

export const movementJson = (row: MovementRow): MovementJson => ({
  delta_id: row.deltaId,
  customer_id: row.customerId,
  customer_name: row.customerName,
  attributes: row.attributes,
  op: row.op,
  ...stepJson(row),
});

export const explainedJson = (row: ExplainedCustomer) => ({
  ...shareJson(row),
  drivers: [...row.drivers],
  events: row.events.map((event) => ({
    event_id: event.eventId,
    source: event.source,
    effective_at: iso(event.effectiveAt),
    known_at: iso(event.knownAt),
    movement: event.movement,
    amount_minor: event.amountMinor,
  })),
});

export const restatingJson = (event: RestatingEvent) => ({
  event_id: event.eventId,
  source: event.source,
  customer_id: event.customerId,
  customer_name: event.customerName,
  effective_at: iso(event.effectiveAt),
  known_at: iso(event.knownAt),
  amount_minor: event.amountMinor,
});

export const storyJson = (story: CustomerStory) => ({
  name: story.name,
  attributes: story.attributes,
  arr_minor: story.arrMinor,
  steps: story.steps.map(stepJson),
  retracted: story.retracted.map(({ row, by }) => ({
    ...stepJson(row),
    retracted_at: iso(by.knownAt),
    retracted_by: causeJson(by.cause),
  })),
  windows: story.windows.map((part) => ({
    window: part.window,
    from: iso(part.from),
    to: iso(part.to),
    opening_arr_minor: part.opening,
    expansion_arr_minor: part.expansion,
    contraction_arr_minor: part.contraction,
    churned_arr_minor: part.churned,
    closing_arr_minor: part.closing,
    member_by: part.memberBy,
  })),
  classifications: story.classifications.map((one) => ({
    effective_at: iso(one.effectiveAt),
    name: one.name,
    attributes: one.attributes,
    known_at: iso(one.knownAt),
    cause: causeJson(one.cause),
  })),
});

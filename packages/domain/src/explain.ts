/**
 * What a retention figure is made of: every customer's share in it, with the drivers and the
 * events of its movements inside the window. The shares add up to the figure exactly. Events are
 * named by the causes that a fold without a horizon keeps.
 */

import type { Customer, Line, Phase, SubscriptionTimeline } from './customer.ts';
import type { Share, Span } from './definitions/definition.ts';
import type { Driver, Movement, MovementKind } from './delta.ts';
import { HoldfastError } from './errors.ts';
import { arrOf, sameLines } from './lines.ts';
import { movementsBetween } from './movements.ts';
import { profileAt } from './profile.ts';
import { memberAt } from './report-member.ts';
import { byText, exactSum } from './report-sums.ts';
import { checkDimension, type RetentionQuery } from './retention.ts';
import type { Rules } from './rules.ts';
import { type CustomerId, type Instant, minorUnits } from './scalars.ts';

/** An event's part in a movement; the parts add up to the movement. */
export interface ExplainedEvent {
  readonly eventId: string;
  /** Of the movement: an event that had agreed on a later phase lies before it. */
  readonly effectiveAt: Instant;
  readonly recordedAt: Instant;
  readonly movement: MovementKind;
  /** What the event changed in its own subscription, signed. */
  readonly amountMinor: number;
}

export interface ExplainedCustomer extends Share {
  readonly customerId: CustomerId;
  /** At the as-of. */
  readonly name: string | null;
  /** Just before the window. */
  readonly member: string;
  /** Of all movements in the window, summed by driver and product; the greatest first. */
  readonly drivers: readonly Driver[];
  /** By effectiveAt. */
  readonly events: readonly ExplainedEvent[];
}

/**
 * The span whose shares make the figure. Throws `usage` for a definition whose figure has no
 * shares that add up.
 */
export function spanToExplain(rules: Rules, query: RetentionQuery): Span {
  const { definition, window, asOf } = query;
  checkDimension(query);
  const spans = definition.spansOf({ zone: rules.zone, window, asOf });
  if (spans.length > 1) {
    throw new HoldfastError(
      'usage',
      `definition ${definition.name} over ${window} has no shares that add up; explain one month`,
    );
  }
  return spans[0] as Span;
}

/**
 * Every customer with a part in the figure, the greatest difference first, gain or loss. Throws
 * `usage` as `spanToExplain` does, and `arr_overflow`.
 */
export function explain(
  rules: Rules,
  customers: Iterable<Customer>,
  query: RetentionQuery,
): readonly ExplainedCustomer[] {
  const { definition, dimension, asOf } = query;
  const span = spanToExplain(rules, query);
  const rows: ExplainedCustomer[] = [];
  for (const customer of customers) {
    const share = definition.shareOf(customer, span);
    if (share === null) continue;
    const movements = movementsBetween(customer, span.start - 1, span.end - 1);
    rows.push({
      customerId: customer.id,
      name: profileAt(rules, customer, asOf).name,
      member: memberAt(rules, customer, dimension, span.start - 1),
      ...share,
      drivers: sumDrivers(movements),
      events: movements.flatMap((movement) => eventsOf(customer, movement)),
    });
  }
  return rows.sort((a, b) => difference(b) - difference(a) || byText(a.customerId, b.customerId));
}

const difference = ({ opening, closing }: Share): number => Math.abs(closing - opening);

function sumDrivers(movements: readonly Movement[]): readonly Driver[] {
  const sums = new Map<string, Driver>();
  for (const one of movements.flatMap(({ drivers }) => drivers)) {
    const key = `${one.driver} ${one.productId}`;
    const amount = (sums.get(key)?.amountMinor ?? 0) + one.amountMinor;
    sums.set(key, { ...one, amountMinor: minorUnits(exactSum(amount, `driver ${key}`)) });
  }
  return [...sums.values()].sort(
    (a, b) =>
      Math.abs(b.amountMinor) - Math.abs(a.amountMinor) ||
      byText(`${a.driver} ${a.productId}`, `${b.driver} ${b.productId}`),
  );
}

/** The events from which on a subscription is another at the movement's instant. */
function eventsOf(customer: Customer, movement: Movement): readonly ExplainedEvent[] {
  return customer.subscriptions.flatMap(({ chain }: SubscriptionTimeline) => {
    const index = chain.findIndex((phase) => phase.from === movement.effectiveAt);
    if (index < 0) return [];
    const phase = chain[index] as Phase<readonly Line[]>;
    const before = index === 0 ? [] : (chain[index - 1] as Phase<readonly Line[]>).value;
    if (sameLines(before, phase.value)) return [];
    if (phase.cause === null) throw new Error(`customer ${customer.id} was folded with a horizon`);
    return [
      {
        eventId: phase.cause.eventId,
        effectiveAt: movement.effectiveAt,
        recordedAt: phase.recordedAt,
        movement: movement.movement,
        amountMinor: arrOf(phase.value) - arrOf(before),
      },
    ];
  });
}

/**
 * Placing a versioned event into a chain. Of all events effective at t the greatest by
 * (version, recorded_at) holds, so an event is overruled for ever by a greater one that is
 * effective no later, and overrules lesser ones from its own start on.
 */

import type { Chain, Phase, RecordCause } from './customer.ts';
import type { Instant } from './scalars.ts';

type Phases<Value> = readonly { readonly from: Instant; readonly value: Value }[];

/** An event as the chain sees it: its own rank and its phases, strictly ascending, at least one. */
export interface Placeable<Value> {
  readonly version: number;
  readonly recordedAt: Instant;
  readonly phases: Phases<Value>;
}

/**
 * `placed`: the chain changed. `overruled`: a greater version holds from no later on. `duplicate`:
 * known already. `version_tie`: equal version and recorded_at with other content; the first stays.
 */
export type Placement = 'placed' | 'overruled' | 'duplicate' | 'version_tie';

export interface Placed<Value> {
  readonly chain: Chain<Value>;
  readonly placement: Placement;
}

interface Rank {
  readonly version: number;
  readonly recordedAt: Instant;
}

const compareRank = (a: Rank, b: Rank): number =>
  a.version - b.version || a.recordedAt - b.recordedAt;

/** Index of the phase that holds at an instant, -1 before the first. */
export function indexAt<Value>(chain: Chain<Value>, at: number): number {
  let index = chain.length - 1;
  while (index >= 0 && (chain[index] as Phase<Value>).from > at) index -= 1;
  return index;
}

/** Index of the first phase of no lesser rank, which never falls along a chain. */
function firstNotBelow(chain: Chain<unknown>, rank: Rank): number {
  let low = 0;
  let high = chain.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareRank(chain[middle] as Phase<unknown>, rank) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function place<Value>(
  chain: Chain<Value>,
  event: Placeable<Value>,
  edge: number,
  cause: RecordCause | null,
  equal: (a: Value, b: Value) => boolean,
): Placed<Value> {
  const phases = clampToEdge(event.phases, edge);
  const start = (phases[0] as (typeof phases)[number]).from;
  const above = firstNotBelow(chain, event);
  if (above < chain.length && compareRank(chain[above] as Phase<Value>, event) === 0) {
    const same = saysTheSame(chain, event, phases, edge, equal);
    return { chain, placement: same ? 'duplicate' : 'version_tie' };
  }
  const holder = indexAt(chain, start);
  if (holder >= 0 && compareRank(chain[holder] as Phase<Value>, event) > 0) {
    return { chain, placement: 'overruled' };
  }
  let kept = holder + 1;
  if (holder >= 0 && (chain[holder] as Phase<Value>).from === start) kept = holder;
  const next = Math.max(kept, above);
  const until = chain[next]?.from ?? Number.POSITIVE_INFINITY;
  let added = 0;
  while (added < phases.length && (phases[added] as { from: number }).from < until) added += 1;
  const placed = new Array<Phase<Value>>(kept + added + chain.length - next);
  for (let index = 0; index < kept; index += 1) placed[index] = chain[index] as Phase<Value>;
  for (let index = 0; index < added; index += 1) {
    const { from, value } = phases[index] as (typeof phases)[number];
    const { version, recordedAt } = event;
    placed[kept + index] = { from, version, recordedAt, value, cause };
  }
  for (let index = next; index < chain.length; index += 1) {
    placed[kept + added + index - next] = chain[index] as Phase<Value>;
  }
  return { chain: placed, placement: 'placed' };
}

/** Phases before the edge are applied at the edge: the last of them holds there. */
function clampToEdge<Value>(phases: Phases<Value>, edge: number): Phases<Value> {
  if ((phases[0] as { from: number }).from >= edge) return phases;
  let last = 0;
  while (last + 1 < phases.length && (phases[last + 1] as { from: number }).from <= edge) last += 1;
  const first = phases[last] as (typeof phases)[number];
  return [{ from: edge as Instant, value: first.value }, ...phases.slice(last + 1)];
}

/**
 * Whether what the chain still holds of an event of the same rank is what this one says. What was
 * said of the time before the edge is not kept, so only what holds from the edge on is compared.
 */
function saysTheSame<Value>(
  chain: Chain<Value>,
  rank: Rank,
  phases: Phases<Value>,
  edge: number,
  equal: (a: Value, b: Value) => boolean,
): boolean {
  const known = chain.filter((phase) => compareRank(phase, rank) === 0);
  const begins = Math.max((known[0] as Phase<Value>).from, edge);
  if (begins !== Math.max((phases[0] as { from: number }).from, edge)) return false;
  const next = chain[chain.indexOf(known.at(-1) as Phase<Value>) + 1];
  const until = next?.from ?? Number.POSITIVE_INFINITY;
  const before = clampToEdge(known, begins);
  const now = clampToEdge(phases, begins).filter((phase) => phase.from < until);
  return (
    before.length === now.length &&
    before.every((phase, index) => {
      const said = now[index] as (typeof now)[number];
      return phase.from === said.from && equal(phase.value, said.value);
    })
  );
}

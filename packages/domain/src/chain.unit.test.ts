import { describe, expect, it } from 'vitest';
import { indexAt, place } from './chain.ts';
import type { Chain } from './customer.ts';
import { instant } from './scalars.ts';

type Value = string;
/** An event in short: version, recorded_at, and a value from each instant on. */
interface Told {
  readonly v: number;
  readonly r?: number;
  readonly says: Readonly<Record<number, Value>>;
}

const NO_EDGE = Number.NEGATIVE_INFINITY;
const same = (a: Value, b: Value): boolean => a === b;

const placed = (chain: Chain<Value>, { v, r = 0, says }: Told, edge: number = NO_EDGE) => {
  const phases = Object.entries(says).map(([from, value]) => ({ from: instant(+from), value }));
  return place(chain, { version: v, recordedAt: instant(r), phases }, edge, null, same);
};
/** The chain after some events, and what became of the last one. */
const tell = (events: readonly Told[], edge: number = NO_EDGE) => {
  let chain: Chain<Value> = [];
  let placement = 'none';
  for (const event of events) ({ chain, placement } = placed(chain, event, edge));
  return { chain, placement };
};
/** `from:value` of each phase, with the version where it is asked for. */
const shown = (chain: Chain<Value>): string =>
  chain.map(({ from, value, version }) => `${from}:${value}${version}`).join(' ');
const after = (...events: readonly Told[]): string => {
  const { chain, placement } = tell(events);
  return `${placement}: ${shown(chain)}`;
};

const A = { v: 1, says: { 10: 'a', 20: 'b', 30: 'c' } };

describe('an event in a chain', () => {
  it('holds with all its phases where there is no other', () => {
    expect(after(A)).toBe('placed: 10:a1 20:b1 30:c1');
  });

  it('of a greater version overrules from its own start on, and drops later phases', () => {
    expect(after(A, { v: 2, says: { 25: 'x' } })).toBe('placed: 10:a1 20:b1 25:x2');
    expect(after(A, { v: 2, says: { 20: 'x' } })).toBe('placed: 10:a1 20:x2');
    expect(after(A, { v: 2, says: { 10: 'x', 12: 'y' } })).toBe('placed: 10:x2 12:y2');
    expect(after(A, { v: 2, says: { 5: 'x' } })).toBe('placed: 5:x2');
    expect(after(A, { v: 2, says: { 40: 'x' } })).toBe('placed: 10:a1 20:b1 30:c1 40:x2');
  });

  it('of a lesser version fills its place in the past, up to what came after', () => {
    const late = { v: 0, says: { 5: 'x', 7: 'y', 10: 'z', 15: 'q' } };
    expect(after(A, late)).toBe('placed: 5:x0 7:y0 10:a1 20:b1 30:c1');
  });

  it('of a version between stands between', () => {
    const later = { v: 3, says: { 25: 'z' } };
    expect(after(A, later, { v: 2, says: { 15: 'x', 22: 'y', 25: 'n', 28: 'n' } })).toBe(
      'placed: 10:a1 15:x2 22:y2 25:z3',
    );
  });

  it('of a lesser version never holds once a greater one is effective', () => {
    expect(after(A, { v: 0, says: { 10: 'x' } })).toBe('overruled: 10:a1 20:b1 30:c1');
    expect(after(A, { v: 0, says: { 11: 'x', 99: 'y' } })).toBe('overruled: 10:a1 20:b1 30:c1');
  });

  it('of an equal version is decided by recorded_at', () => {
    expect(after({ ...A, r: 5 }, { v: 1, r: 6, says: { 15: 'x' } })).toBe('placed: 10:a1 15:x1');
    expect(after({ ...A, r: 5 }, { v: 1, r: 4, says: { 15: 'x' } })).toMatch(/^overruled/);
    // The version comes first, however early it was recorded.
    expect(after({ ...A, r: 5 }, { v: 2, r: 1, says: { 15: 'x' } })).toBe('placed: 10:a1 15:x2');
  });

  it('comes to the same in whatever order it arrives', () => {
    const events = [
      A,
      { v: 2, says: { 15: 'p', 35: 'q' } },
      { v: 3, says: { 5: 'r', 25: 's' } },
      { v: 4, says: { 22: 't' } },
    ];
    const orders = [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [1, 3, 0, 2],
      [2, 0, 3, 1],
    ];
    const ends = orders.map((order) => shown(tell(order.map((i) => events[i] as Told)).chain));
    expect(new Set(ends)).toEqual(new Set(['5:r3 22:t4']));
  });

  it('carries its own rank and cause in every phase', () => {
    const cause = { eventId: 'e', source: '', offset: 3, knownAt: 4 } as never;
    const event = {
      version: 7,
      recordedAt: instant(9),
      phases: [{ from: instant(1), value: 'a' }],
    };
    expect(place([], event, NO_EDGE, cause, same).chain).toEqual([
      { from: 1, version: 7, recordedAt: 9, value: 'a', cause },
    ]);
  });
});

describe('the same rank again', () => {
  it('is a duplicate where it says the same', () => {
    expect(after(A, A)).toBe('duplicate: 10:a1 20:b1 30:c1');
  });

  it('is a version tie where it says something else, and changes nothing', () => {
    const ties = [
      { v: 1, says: { 10: 'x', 20: 'b', 30: 'c' } },
      { v: 1, says: { 10: 'a', 20: 'b', 30: 'x' } },
      { v: 1, says: { 10: 'a', 21: 'b', 30: 'c' } },
      { v: 1, says: { 10: 'a', 20: 'b' } },
      { v: 1, says: { 10: 'a', 20: 'b', 30: 'c', 40: 'd' } },
      { v: 1, says: { 9: 'a', 20: 'b', 30: 'c' } },
      { v: 1, says: { 11: 'a', 20: 'b', 30: 'c' } },
      { v: 1, says: { 99: 'a' } },
    ];
    for (const tie of ties) expect(after(A, tie)).toBe('version_tie: 10:a1 20:b1 30:c1');
  });

  it('is compared only as far as the first one still holds', () => {
    const later = { v: 2, says: { 25: 'z' } };
    expect(after(A, later, A)).toBe('duplicate: 10:a1 20:b1 25:z2');
    expect(after(A, later, { v: 1, says: { 10: 'a', 20: 'b', 31: 'q' } })).toMatch(/^duplicate/);
    expect(after(A, later, { v: 1, says: { 10: 'a', 20: 'b', 24: 'q' } })).toMatch(/^version_tie/);
    expect(after(A, later, later)).toMatch(/^duplicate/);
    const upToLater = { v: 1, says: { 10: 'a', 25: 'c' } };
    expect(after(upToLater, later, upToLater)).toBe('duplicate: 10:a1 25:z2');
  });

  it('is not taken for the same where only the version or only recorded_at is', () => {
    expect(after({ ...A, r: 5 }, { ...A, r: 6 })).toBe('placed: 10:a1 20:b1 30:c1');
    expect(after({ ...A, r: 5 }, { v: 2, r: 5, says: A.says })).toBe('placed: 10:a2 20:b2 30:c2');
  });

  it('is overruled where what it said has been forgotten', () => {
    expect(after(A, { v: 2, says: { 10: 'z' } }, A)).toBe('overruled: 10:z2');
  });
});

describe('at the edge', () => {
  const first = (says: Told['says'], edge: number): string =>
    shown(placed([], { v: 1, says }, edge).chain);

  it('what is effective before it begins there, with the phase that holds there', () => {
    expect(first(A.says, 9)).toBe('10:a1 20:b1 30:c1');
    expect(first(A.says, 10)).toBe('10:a1 20:b1 30:c1');
    expect(first(A.says, 11)).toBe('11:a1 20:b1 30:c1');
    expect(first(A.says, 19)).toBe('19:a1 20:b1 30:c1');
    expect(first(A.says, 20)).toBe('20:b1 30:c1');
    expect(first(A.says, 21)).toBe('21:b1 30:c1');
    expect(first(A.says, 30)).toBe('30:c1');
    expect(first(A.says, 99)).toBe('99:c1');
  });

  it('a lesser version is overruled by what holds there', () => {
    const { chain } = tell([A]);
    expect(placed(chain, { v: 0, says: { 5: 'x' } }, 12).placement).toBe('overruled');
    expect(shown(placed(chain, { v: 2, says: { 5: 'x' } }, 12).chain)).toBe('10:a1 12:x2');
  });

  it('a duplicate is known by what holds from there on', () => {
    const { chain } = tell([A]);
    expect(placed(chain, A, 12).placement).toBe('duplicate');
    expect(placed(chain, A, 25).placement).toBe('duplicate');
    expect(placed(chain, { v: 1, says: { 8: 'x', 12: 'a', 20: 'b', 30: 'c' } }, 15).placement).toBe(
      'duplicate',
    );
    expect(placed(chain, { v: 1, says: { 8: 'a', 20: 'b', 30: 'x' } }, 15).placement).toBe(
      'version_tie',
    );
    const trimmed = chain.slice(1);
    expect(placed(trimmed, A, 25).placement).toBe('duplicate');
    expect(placed(trimmed, { v: 1, says: { 10: 'a', 20: 'x', 30: 'c' } }, 25).placement).toBe(
      'version_tie',
    );
  });
});

describe('the phase that holds at an instant', () => {
  it('is the last one that has begun', () => {
    const { chain } = tell([A]);
    expect([9, 10, 19, 20, 30, 99].map((at) => indexAt(chain, at))).toEqual([-1, 0, 0, 1, 2, 2]);
    expect(indexAt([], 5)).toBe(-1);
  });
});

/**
 * Sums of contributions by window, dimension and member: all that a gauge needs. Rows are mutable
 * here and nowhere else, for each event changes a few of a small set.
 */

import type { Contribution, WindowPart } from './contribution.ts';
import { HoldfastError } from './errors.ts';
import { arrOverflow } from './overflow.ts';
import type { Rules } from './rules.ts';

/** The dimension, and its only member, that holds every customer. */
export const ALL = 'all';

/** Retention of one window, dimension and member; money in minor units. */
export interface RetentionRow {
  readonly kind: 'retention';
  readonly window: string;
  readonly dimension: string;
  readonly member: string;
  readonly openingArrMinor: number;
  readonly expansionArrMinor: number;
  readonly contractionArrMinor: number;
  readonly churnedArrMinor: number;
  readonly closingArrMinor: number;
  readonly openingCustomers: number;
  readonly retainedCustomers: number;
}

/** ARR at the as-of of one dimension and member. */
export interface ArrRow {
  readonly kind: 'arr';
  readonly dimension: string;
  readonly member: string;
  readonly arrMinor: number;
  readonly customers: number;
}

export type AggregateRow = RetentionRow | ArrRow;

interface Cell {
  readonly key: string;
  readonly sums: number[];
  changed: boolean;
}

/** Members by dimension; index 0 is `all`. */
type Cells = readonly Map<string, Cell>[];

export interface Aggregates {
  readonly windows: readonly Cells[];
  readonly arr: Cells;
  readonly names: { readonly windows: readonly string[]; readonly dimensions: readonly string[] };
  readonly changed: Cell[];
}

const RETENTION_SUMS = 7;
const ARR_SUMS = 2;

export function emptyAggregates(rules: Rules): Aggregates {
  const dimensions = [ALL, ...rules.dimensions];
  const cells = (): Cells => dimensions.map(() => new Map());
  return {
    windows: rules.windows.map(cells),
    arr: cells(),
    names: { windows: rules.windows.map((window) => window.name), dimensions },
    changed: [],
  };
}

/** `window/dimension/member`, or `arr/dimension/member`; each part percent-encoded. */
const keyOf = (window: string, dimension: string, member: string): string =>
  `${encodeURIComponent(window)}/${encodeURIComponent(dimension)}/${encodeURIComponent(member)}`;
const ARR_KEY = 'arr';

function cellOf(
  aggregates: Aggregates,
  cells: Cells,
  window: string,
  dimension: number,
  member: string,
  size: number,
): Cell {
  const members = cells[dimension] as Map<string, Cell>;
  let cell = members.get(member);
  if (cell === undefined) {
    const name = aggregates.names.dimensions[dimension] as string;
    cell = { key: keyOf(window, name, member), sums: new Array(size).fill(0), changed: false };
    members.set(member, cell);
  }
  if (!cell.changed) {
    cell.changed = true;
    aggregates.changed.push(cell);
  }
  return cell;
}

/** Adds a contribution, or takes it away again. Throws `arr_overflow`. */
export function addContribution(
  aggregates: Aggregates,
  contribution: Contribution,
  sign: 1 | -1,
): void {
  const { names } = aggregates;
  for (let index = 0; index < contribution.windows.length; index += 1) {
    const part = contribution.windows[index] as WindowPart | null;
    if (part === null) continue;
    const cells = aggregates.windows[index] as Cells;
    const window = names.windows[index] as string;
    for (let dimension = 0; dimension < names.dimensions.length; dimension += 1) {
      const member = dimension === 0 ? ALL : (part.members[dimension - 1] as string);
      const cell = cellOf(aggregates, cells, window, dimension, member, RETENTION_SUMS);
      addRetention(cell, part.opening, part.closing, sign);
    }
  }
  if (contribution.arr === 0) return;
  for (let dimension = 0; dimension < names.dimensions.length; dimension += 1) {
    const member = dimension === 0 ? ALL : (contribution.members[dimension - 1] as string);
    const cell = cellOf(aggregates, aggregates.arr, ARR_KEY, dimension, member, ARR_SUMS);
    add(cell, 0, sign * contribution.arr);
    add(cell, 1, sign);
  }
}

/** Takes the old contribution away, if there was one, and adds the new one. Throws `arr_overflow`. */
export function replaceContribution(
  aggregates: Aggregates,
  before: Contribution | null,
  after: Contribution,
): void {
  if (before !== null) {
    if (isSame(before, after)) return;
    addContribution(aggregates, before, -1);
  }
  addContribution(aggregates, after, 1);
}

function isSame(a: Contribution, b: Contribution): boolean {
  if (a.arr !== b.arr || !sameMembers(a.members, b.members)) return false;
  for (let index = 0; index < a.windows.length; index += 1) {
    const [x, y] = [a.windows[index] as WindowPart | null, b.windows[index] as WindowPart | null];
    if (x === null || y === null) {
      if (x !== y) return false;
    } else if (
      x.opening !== y.opening ||
      x.closing !== y.closing ||
      !sameMembers(x.members, y.members)
    ) {
      return false;
    }
  }
  return true;
}

const sameMembers = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || a.every((member, index) => member === b[index]);

function addRetention(cell: Cell, opening: number, closing: number, sign: 1 | -1): void {
  add(cell, 0, sign * opening);
  if (closing > opening) add(cell, 1, sign * (closing - opening));
  else if (closing === 0) add(cell, 3, sign * opening);
  else add(cell, 2, sign * (opening - closing));
  add(cell, 4, sign * closing);
  add(cell, 5, sign);
  if (closing > 0) add(cell, 6, sign);
}

/** Stops at once: a sum that was too large on its way would be rounded when it is small again. */
function add({ key, sums }: Cell, index: number, amount: number): void {
  const sum = (sums[index] as number) + amount;
  if (sum > Number.MAX_SAFE_INTEGER) throw arrOverflow(`aggregate ${key}`, sum);
  sums[index] = sum;
}

/** The rows changed since the last call, as stored: null where nothing is left. */
export function takeChanged(aggregates: Aggregates): (readonly [string, string | null])[] {
  const rows = aggregates.changed.map((cell) => {
    cell.changed = false;
    const empty = cell.sums.every((sum) => sum === 0);
    return [cell.key, empty ? null : cell.sums.join(',')] as const;
  });
  aggregates.changed.length = 0;
  return rows;
}

/** Takes rows as stored; those of windows or dimensions that the rules do not know are an error. */
export function loadAggregates(rules: Rules, rows: ReadonlyMap<string, string>): Aggregates {
  const aggregates = emptyAggregates(rules);
  for (const [key, value] of rows) {
    const row = parseRow(key, value);
    const dimension = aggregates.names.dimensions.indexOf(row.dimension);
    const window = row.kind === 'arr' ? ARR_KEY : row.window;
    const cells =
      row.kind === 'arr'
        ? aggregates.arr
        : aggregates.windows[aggregates.names.windows.indexOf(row.window)];
    if (cells === undefined || dimension < 0) {
      throw new HoldfastError('store_corrupt', `aggregate ${key} is none of this policy's`);
    }
    const sums = value.split(',').map(Number);
    const cell = cellOf(aggregates, cells, window, dimension, row.member, sums.length);
    cell.sums.splice(0, sums.length, ...sums);
    cell.changed = false;
  }
  aggregates.changed.length = 0;
  return aggregates;
}

/** Reads one stored row. */
export function parseRow(key: string, value: string): AggregateRow {
  const parts = partsOf(key);
  const [window, dimension, member] = parts as readonly [string, string, string];
  const sums = value.split(',').map(Number);
  const size = window === ARR_KEY ? ARR_SUMS : RETENTION_SUMS;
  if (parts.length !== 3 || sums.length !== size || !sums.every(Number.isSafeInteger)) {
    throw new HoldfastError('store_corrupt', `aggregate ${key} holds "${value}"`);
  }
  return window === ARR_KEY
    ? arrRow(dimension, member, sums)
    : retentionRow(window, dimension, member, sums);
}

/** None where the key is not percent-encoded as ours are. */
function partsOf(key: string): readonly string[] {
  try {
    return key.split('/').map(decodeURIComponent);
  } catch {
    return [];
  }
}

const arrRow = (dimension: string, member: string, sums: readonly number[]): ArrRow => ({
  kind: 'arr',
  dimension,
  member,
  arrMinor: sums[0] as number,
  customers: sums[1] as number,
});

const retentionRow = (
  window: string,
  dimension: string,
  member: string,
  sums: readonly number[],
): RetentionRow => ({
  kind: 'retention',
  window,
  dimension,
  member,
  openingArrMinor: sums[0] as number,
  expansionArrMinor: sums[1] as number,
  contractionArrMinor: sums[2] as number,
  churnedArrMinor: sums[3] as number,
  closingArrMinor: sums[4] as number,
  openingCustomers: sums[5] as number,
  retainedCustomers: sums[6] as number,
});

/** Every row of one or more partitions, summed by key. Throws `arr_overflow`. */
export function sumRows(
  partitions: readonly ReadonlyMap<string, string>[],
): readonly AggregateRow[] {
  const sums = new Map<string, number[]>();
  for (const rows of partitions) {
    for (const [key, value] of rows) {
      const row = value.split(',').map(Number);
      const sum = sums.get(key);
      if (sum === undefined) sums.set(key, row);
      else
        row.forEach((amount, index) => {
          const next = (sum[index] as number) + amount;
          if (next > Number.MAX_SAFE_INTEGER) throw arrOverflow(`aggregate ${key}`, next);
          sum[index] = next;
        });
    }
  }
  return [...sums].map(([key, row]) => parseRow(key, row.join(',')));
}

/**
 * The worked cases of `test/cases` and what of each the pipe is asked for: gauges where it can stand
 * (stops.ts), ARR of a corrected past in the projections, which keep it, and what is published. What
 * a case asks of other definitions and of periods is the command line's and no part of the gauges.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { parseChangeLine } from '@holdfast/contracts/json-change.ts';
import type { ChangeRecord } from '@holdfast/domain/records.ts';
import { isRejection } from '@holdfast/domain/rejection.ts';
import { firstInstant } from '../reference/calendar.ts';
import { type At, inLiveOrder, type Stop, stopsOf } from './stops.ts';

export type Row = Readonly<Record<string, unknown>>;

interface ReportWanted {
  readonly as_of: string;
  readonly window: string;
  readonly definition?: string;
  readonly by?: string;
  readonly rows: readonly Row[];
}

interface ArrWanted {
  readonly as_of: string;
  readonly known_at?: string;
  readonly arr_minor: number;
  readonly customers?: Readonly<Record<string, number>>;
}

interface CaseFile {
  readonly name: string;
  readonly why: string;
  readonly e2e: boolean;
  readonly policy: object & { readonly time_zone: string };
  readonly events: readonly object[];
  readonly expect: {
    readonly report?: readonly ReportWanted[];
    readonly arr?: readonly ArrWanted[];
    readonly deltas?: readonly Row[];
    readonly ledger?: readonly Row[];
    readonly movements?: readonly Row[];
  };
}

export type ReportAt = At & { readonly kind: 'report'; readonly wanted: ReportWanted };
export type ArrAt = At & { readonly kind: 'arr'; readonly wanted: ArrWanted };
export type WantedAt = ReportAt | ArrAt;

export interface Worked {
  readonly name: string;
  readonly policy: object;
  /** In the order of delivery. */
  readonly records: readonly ChangeRecord[];
  /** Where the gauges are looked at, ascending. */
  readonly stops: readonly Stop<WantedAt>[];
  /** ARR as corrected, read off the projections at the end. */
  readonly past: readonly ArrAt[];
  readonly deltas: readonly Row[] | null;
  readonly ledger: readonly Row[] | null;
  /** What is left to other tests, in words. */
  readonly elsewhere: readonly string[];
}

/** An instant, or the last millisecond of a day of the time zone. */
const instantOf = (zone: string, text: string): number =>
  text.includes('T')
    ? Date.parse(text)
    : firstInstant(zone, Temporal.PlainDate.from(text).add({ days: 1 })) - 1;

const recordOf = (event: object): ChangeRecord => {
  const record = parseChangeLine(JSON.stringify(event));
  if (isRejection(record)) throw new Error(record.message);
  return record;
};

const workedOf = ({ name, policy, events, expect }: CaseFile): Worked => {
  const at = (text: string): number => instantOf(policy.time_zone, text);
  const reports = (expect.report ?? []).map(
    (wanted): ReportAt => ({ kind: 'report', asOf: at(wanted.as_of), knownAt: null, wanted }),
  );
  const arr = (expect.arr ?? []).map(
    (wanted): ArrAt => ({
      kind: 'arr',
      asOf: at(wanted.as_of),
      knownAt: wanted.known_at === undefined ? null : at(wanted.known_at),
      wanted,
    }),
  );
  const isPrimary = ({ wanted: { definition } }: ReportAt): boolean =>
    definition === undefined || definition === 'point_to_point';
  const records = inLiveOrder(events.map(recordOf));
  const live: readonly WantedAt[] = [...reports.filter(isPrimary), ...arr];
  const stops = stopsOf(records, live);
  const past = arr.filter(({ knownAt }) => knownAt === null);
  const shown: readonly WantedAt[] = [...stops.map(({ wanted }) => wanted), ...past];
  const wordsOf = ({ kind, wanted }: WantedAt): string => `${kind} as of ${wanted.as_of}`;
  return {
    name,
    policy,
    records,
    stops,
    past,
    deltas: expect.deltas ?? null,
    ledger: expect.ledger ?? null,
    elsewhere: [
      ...live.filter((stop) => !shown.includes(stop)).map(wordsOf),
      ...reports
        .filter((report) => !isPrimary(report))
        .map(({ wanted }) => `report ${wanted.definition}`),
      ...(expect.movements ?? []).map(() => 'movements'),
    ],
  };
};

/** What is checked of a case, for the name of its test. */
export const wordsOf = ({ stops, past, deltas, ledger, elsewhere }: Worked): string => {
  const count = (kind: WantedAt['kind']): number =>
    stops.filter(({ wanted }) => wanted.kind === kind).length;
  const parts = [
    [count('report'), 'reports on gauges'],
    [count('arr'), 'ARR on gauges'],
    [past.length, 'ARR in projections'],
    [deltas?.length ?? 0, 'deltas'],
    [ledger?.length ?? 0, 'movements in force'],
  ] as const;
  const checked = parts
    .filter(([number]) => number > 0)
    .map(([number, what]) => `${number} ${what}`);
  const left = elsewhere.length === 0 ? '' : `; elsewhere: ${elsewhere.join(', ')}`;
  return `${checked.join(', ') || 'nothing'}${left}`;
};

const folder = new URL('../cases/', import.meta.url);

/** Every case that is marked `e2e`. */
export const loadCases = (): readonly Worked[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as CaseFile)
    .filter(({ e2e }) => e2e)
    .map(workedOf);

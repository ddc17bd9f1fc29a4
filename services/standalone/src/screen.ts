/** What the demo shows, as lines of text; drawn by terminal.ts. Every figure is a gauge's. */

import type { AggregateRow, ArrRow, RetentionRow } from '@holdfast/domain/aggregates.ts';
import type { ArrDelta } from '@holdfast/domain/delta.ts';
import { grr, logoRetention, nrr } from '@holdfast/domain/ratios.ts';
import type { MetricsSnapshot } from '@holdfast/telemetry/snapshot.ts';

export interface Screen {
  readonly snapshot: MetricsSnapshot;
  /** Why there are no figures. */
  readonly missing: string | null;
  readonly movements: readonly ArrDelta[];
  /** The dimension and window that the members are shown for. */
  readonly dimension: string;
  readonly memberWindow: string;
  readonly daysPerSecond: number;
  /** Where the console is. */
  readonly url: string;
}

const DASH = '-';

const percent = (ratio: number | null): string =>
  ratio === null ? DASH : `${(ratio * 100).toFixed(1)}%`;

const wholeUnits = (currency: string, signed: boolean): Intl.NumberFormat =>
  new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    maximumFractionDigits: 0,
    signDisplay: signed ? 'exceptZero' : 'auto',
  });

/** Cut and padded to a width, without anything that could steer a terminal. */
const column = (text: string, width: number): string =>
  text
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .slice(0, width)
    .padEnd(width);

export const lag = ({ lagByPartition }: MetricsSnapshot): number =>
  [...lagByPartition.values()].reduce((sum, events) => sum + events, 0);

const ratios = (row: RetentionRow): string =>
  [nrr(row), grr(row), logoRetention(row)].map((ratio) => percent(ratio).padStart(7)).join('');

const retentionOf = (rows: readonly AggregateRow[]): readonly RetentionRow[] =>
  rows.filter((row) => row.kind === 'retention');

export function screenLines(screen: Screen): readonly string[] {
  const { snapshot, daysPerSecond, url } = screen;
  const { figures } = snapshot;
  const date = figures === null ? 'starting' : isoDate(figures.asOf);
  const days = daysPerSecond === 1 ? '1 day/s' : `${daysPerSecond} days/s`;
  return [
    `Holdfast demo  simulated ${date}, ${days}  lag ${lag(snapshot)}`,
    '',
    ...(figures === null ? [screen.missing ?? 'no figures yet'] : body(screen, figures.rows)),
    '',
    `Console ${url}  /metrics  Ctrl-C stops`,
  ];
}

function body(screen: Screen, rows: readonly AggregateRow[]): readonly string[] {
  const { dimension, memberWindow, movements } = screen;
  const { currency } = screen.snapshot;
  const digits = new Intl.NumberFormat('en-US', { style: 'currency', currency }).resolvedOptions()
    .maximumFractionDigits as number;
  const plain = (minor: number): string => wholeUnits(currency, false).format(minor / 10 ** digits);
  const signed = (minor: number): string => wholeUnits(currency, true).format(minor / 10 ** digits);
  const all = retentionOf(rows).filter((row) => row.dimension === 'all');
  const members = retentionOf(rows)
    .filter((row) => row.dimension === dimension && row.window === memberWindow)
    .sort((a, b) => b.openingArrMinor - a.openingArrMinor)
    .slice(0, 5);
  const total = rows.find((row): row is ArrRow => row.kind === 'arr' && row.dimension === 'all');
  const line = (name: string, row: RetentionRow): string =>
    `${column(name, 11)}${ratios(row)} ${plain(row.openingArrMinor).padStart(12)}`;
  return [
    `${' '.repeat(11)}    NRR    GRR   logo      opening`,
    ...all.map((row) => line(row.window, row)),
    '',
    ...members.map((row) => line(row.member, row)),
    '',
    `ARR ${plain(total?.arrMinor ?? 0)}  ${(total?.customers ?? 0).toLocaleString('en-US')} customers`,
    ...movements.map((delta) => movementLine(delta, signed)),
  ];
}

function movementLine(delta: ArrDelta, signed: (minor: number) => string): string {
  const [first] = delta.drivers;
  return [
    isoDate(delta.effectiveAt).slice(5),
    column(delta.movement, 12),
    signed(delta.amountMinor).padStart(10),
    column(delta.customerName ?? delta.customerId, 24),
    first?.driver.replaceAll('_', ' ') ?? '',
  ]
    .join(' ')
    .trimEnd();
}

/** One line of the same, for pipes and logs. */
export function plainLine({ snapshot, missing }: Screen): string {
  const { figures, currency } = snapshot;
  if (figures === null) return `no figures: ${missing ?? 'starting'}`;
  const longest = retentionOf(figures.rows)
    .filter((row) => row.dimension === 'all')
    .map((row) => `${row.window} NRR ${percent(nrr(row))} GRR ${percent(grr(row))}`);
  const total = figures.rows.find((row) => row.kind === 'arr' && row.dimension === 'all') as
    | ArrRow
    | undefined;
  const digits = new Intl.NumberFormat('en-US', { style: 'currency', currency }).resolvedOptions()
    .maximumFractionDigits as number;
  const arr = wholeUnits(currency, false).format((total?.arrMinor ?? 0) / 10 ** digits);
  return [
    isoDate(figures.asOf),
    ...longest,
    `ARR ${arr}`,
    `customers ${total?.customers ?? 0}`,
    `lag ${lag(snapshot)}`,
  ].join('  ');
}

export const isoDate = (at: number): string => new Date(at).toISOString().slice(0, 10);

/**
 * `holdfast explain` in words: who made the greatest difference and why, the others in one line,
 * and the sum, which is the figure.
 */

import { ALL } from '@holdfast/domain/aggregates.ts';
import type { ExplainedCustomer } from '@holdfast/domain/explain.ts';
import type { RetentionReport } from '@holdfast/domain/retention.ts';
import type { Rules } from '@holdfast/domain/rules.ts';
import { count, isoInstant, type MoneyFormat, moneyFormat, percent, points } from './format.ts';
import { headline, type Question } from './question.ts';
import { cut, plainText, type Row, table } from './table.ts';

/** Customers named in one table; the rest is summed up. */
const NAMED = 20;
const NAMED_BY_MEMBER = 10;

const HEAD = ['then', 'now', 'share', 'pt', 'why'];
const ALIGN = 'lrrrrl';

export function explainText(
  question: Question,
  figures: readonly RetentionReport[],
  rows: readonly ExplainedCustomer[],
): string {
  const { rules, query } = question;
  if (query.dimension === ALL) {
    const [figure] = figures;
    return `${headline('explain', question, figure)}\n${shares(rules, rows, NAMED)}`;
  }
  const bySize = figures
    .filter(({ openingArrMinor }) => openingArrMinor !== 0)
    .toSorted((a, b) => (b.openingArrMinor ?? 0) - (a.openingArrMinor ?? 0));
  const blocks = bySize.map((figure) => {
    const own = rows.filter(({ member }) => member === figure.member);
    const title = `${plainText(cut(figure.member))} NRR ${percent(figure.nrr)} GRR ${percent(figure.grr)}`;
    return `\n${title}\n${shares(rules, own, NAMED_BY_MEMBER)}`;
  });
  return `${headline(`explain by ${query.dimension}`, question, undefined)}\n${blocks.join('')}`;
}

interface Part {
  readonly opening: number;
  readonly closing: number;
}

const sumOf = (rows: readonly Part[]): Part => ({
  opening: rows.reduce((sum, { opening }) => sum + opening, 0),
  closing: rows.reduce((sum, { closing }) => sum + closing, 0),
});

function shares(rules: Rules, rows: readonly ExplainedCustomer[], most: number): string {
  const moved = rows.filter(({ opening, closing }) => opening !== closing);
  // One customer left over is named, too: a line for it is no longer than a line for others.
  const named =
    moved.length === rows.length && rows.length <= most + 1 ? rows : moved.slice(0, most);
  const others = rows.filter((row) => !named.includes(row));
  const sum = sumOf(rows);
  const money = moneyFormat(
    rules.exponent,
    rows.flatMap(({ opening, closing }) => [opening, closing]),
  );
  const line = (title: string, part: Part, why: string): Row => [
    title,
    ...partCells(money, part, sum.opening),
    why,
  ];
  return table(ALIGN, [
    ['', ...HEAD],
    ...named.map((row) =>
      line(row.name === null ? row.customerId : cut(row.name), row, whyOf(row)),
    ),
    ...(others.length === 0 ? [] : [line(count(others.length), sumOf(others), 'others')]),
    line('sum', sum, ''),
  ]);
}

const partCells = (money: MoneyFormat, { opening, closing }: Part, whole: number): Row => [
  money.plain(opening),
  money.plain(closing),
  money.signed(closing - opening),
  points(closing - opening, whole),
];

/** The greatest driver and event that pull where the customer went; of one that is gone, its end. */
function whyOf({ opening, closing, drivers, events }: ExplainedCustomer): string {
  const way = Math.sign(closing - opening);
  const pulls = ({ amountMinor }: { readonly amountMinor: number }): boolean =>
    Math.sign(amountMinor) === way;
  const ends = events.filter(({ movement }) => movement === 'churn');
  if (closing === 0 && ends.length > 0) return `cancellation ${ends.at(-1)?.eventId}`;
  const [event] = events
    .filter(pulls)
    .toSorted((a, b) => Math.abs(b.amountMinor) - Math.abs(a.amountMinor));
  return [drivers.find(pulls)?.driver, event?.eventId].filter(Boolean).join(' ');
}

/** One customer: its share, all its drivers and all its events. */
export function customerText(
  question: Question,
  figures: readonly RetentionReport[],
  row: ExplainedCustomer,
): string {
  const { rules } = question;
  const whole = figures.find(({ member }) => member === row.member)?.openingArrMinor ?? 0;
  const money = moneyFormat(rules.exponent, [
    row.opening,
    row.closing,
    ...[...row.drivers, ...row.events].map(({ amountMinor }) => amountMinor),
  ]);
  const who = row.name === null ? row.customerId : `${row.name} (${row.customerId})`;
  const drivers = row.drivers.map(({ driver, productId, amountMinor }) => [
    driver,
    productId,
    money.signed(amountMinor),
  ]);
  const events = row.events.map(({ eventId, effectiveAt, recordedAt, movement, amountMinor }) => [
    isoInstant(effectiveAt),
    movement,
    money.signed(amountMinor),
    eventId,
    isoInstant(recordedAt),
  ]);
  return (
    `${headline(`explain ${plainText(who)}`, question, undefined)}\n` +
    table('lrrrr', [
      ['', ...HEAD.slice(0, -1)],
      [cut(row.member), ...partCells(money, row, whole)],
    ]) +
    `\n${table('llr', [['driver', 'product', 'amount'], ...drivers])}` +
    `\n${table('llrll', [['effective', 'movement', 'amount', 'event', 'recorded'], ...events])}`
  );
}

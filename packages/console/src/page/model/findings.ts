/** What each chart shows, said in a sentence: its caption, and what a screen reader hears. */

import type { Restatement, RetentionRow } from './answers.ts';
import type { Calendar } from './dates.ts';
import { counted, type Money, percent, points, windowWords } from './format.ts';
import { type Member, weakest } from './members.ts';
import type { MonthPoint } from './months.ts';
import type { Bar, Waterfall } from './waterfall.ts';

/** NRR in plain words: what became of each hundred of the start. */
export function plainWords(row: RetentionRow, window: string, money: Money): string | null {
  if (row.nrr === null || row.opening_arr_minor === null || row.closing_arr_minor === null) {
    return null;
  }
  const { opening_arr_minor: opening, closing_arr_minor: closing } = row;
  return `Customers who paid ${money.compact(opening)} a year ${windowWords(window)} ago pay ${money.compact(closing)} today.`;
}

/** What the mark on the months stands for. */
export const restatementWords = (
  { restatement, after_known_at, effective_from, deltas }: Restatement,
  calendar: Calendar,
): string =>
  `◆ ${calendar.month(after_known_at)}: restated by ${restatement}, ${counted(deltas, 'change')} from ${calendar.month(effective_from)} on.`;

const PARTS = [
  ['churn', 'churned_arr_minor', -1],
  ['contraction', 'contraction_arr_minor', -1],
  ['expansion', 'expansion_arr_minor', 1],
] as const;

/** Which part changed most against an earlier row: the main cause of a change of NRR. */
export function mainCause(now: RetentionRow, before: RetentionRow): string | null {
  const opening = [now, before].map(({ opening_arr_minor }) => opening_arr_minor ?? 0);
  if (opening.includes(0)) return null;
  const changes = PARTS.map(([name, field, sign]) => {
    const share = (row: RetentionRow, base: number): number => (row[field] ?? 0) / base;
    const change = share(now, opening[0] as number) - share(before, opening[1] as number);
    return { name, change, effect: change * sign };
  });
  const total = changes.reduce((sum, { effect }) => sum + effect, 0);
  const [main] = changes
    .filter(({ effect }) => effect * total > 0)
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect));
  if (main === undefined || points(main.effect) === '0.0pt') return null;
  return `${main.change > 0 ? 'more' : 'less'} ${main.name} (${points(main.effect)})`;
}

/** The headline: where it stands, what changed, why. */
export function headline(now: RetentionRow, before: RetentionRow | null): string {
  const standing = `NRR is ${percent(now.nrr)}`;
  if (now.nrr === null || before === null || before.nrr === null) return `${standing}.`;
  const change = now.nrr - before.nrr;
  if (points(change) === '0.0pt') return `${standing}, the same as a month ago.`;
  const cause = mainCause(now, before);
  return `${standing}, ${points(change)} in a month${cause === null ? '' : `: ${cause}`}.`;
}

const barWords = ({ name, share }: Bar): string => `${name.toLowerCase()} ${points(share)}`;

export function waterfallFinding({ bars, mode }: Waterfall, nrr: number | null): string {
  const parts = bars.filter(({ kind }) => kind !== 'total').map(barWords);
  const only = mode === 'change' ? ' Change only: each part is under 5% of opening.' : '';
  return `100%, ${parts.join(', ')}: ${percent(nrr)}.${only}`;
}

export function monthsFinding(months: readonly MonthPoint[]): string {
  const known = months.filter(({ nrr }) => nrr !== null);
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined || first === last) return 'NRR and GRR by month';
  const [from, to] = [first.nrr ?? 0, last.nrr ?? 0];
  const way = points(to - from) === '0.0pt' ? 'the same as' : to > from ? 'up from' : 'down from';
  return `NRR ${percent(to)}, ${way} ${percent(from)} ${counted(known.length - 1, 'month')} before`;
}

export function membersFinding(dimension: string, members: readonly Member[]): string {
  const low = weakest(members);
  return low === null
    ? `NRR by ${dimension}`
    : `By ${dimension}: ${low.name} is lowest, ${percent(low.nrr)}`;
}

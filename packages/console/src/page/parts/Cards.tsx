/** Where it stands: four figures, each with its change or base. */

import type { Present } from '../data/overview.ts';
import type { RetentionRow } from '../model/answers.ts';
import { afterWindow } from '../model/dates.ts';
import { count, DASH, percent, points } from '../model/format.ts';
import { figureState } from '../model/state.ts';
import { overview } from '../model/view.ts';
import { Go } from './Go.tsx';
import { usePage } from './page-context.ts';

interface CardsProps {
  readonly present: Present;
  /** When figures are old, a direction would mislead. */
  readonly stale: boolean;
  readonly firstEffectiveAt: string | null;
}

export function Cards({ present, stale, firstEffectiveAt }: CardsProps) {
  const { money, view, calendar } = usePage();
  const { row, before } = present;
  const state = figureState(row);
  const opens = { ...overview(view), part: 'all' } as const;
  const possible =
    firstEffectiveAt === null
      ? null
      : `first possible ${calendar.date(afterWindow(firstEffectiveAt, view.window))}`;
  const note = (words: string | null) => (state === 'none' ? possible : words);
  return (
    <div class="cards">
      <Go to={opens} class="card main" title="What it is made of">
        <Label short="NRR" long="Net revenue retention" />
        <strong class="figure">{percent(row?.nrr ?? null)}</strong>
        <span class="note">
          {note(null) ?? <Change now={row} before={before} field="nrr" stale={stale} />}
          {state === 'small' && <em> small base</em>}
        </span>
      </Go>
      <Go to={opens} class="card" title="What it is made of">
        <Label short="GRR" long="kept without expansion" />
        <strong class="figure">{percent(row?.grr ?? null)}</strong>
        <span class="note">
          {note(null) ?? <Change now={row} before={before} field="grr" stale={stale} />}
        </span>
      </Go>
      <div class="card">
        <Label short="Customers kept" long="" />
        <strong class="figure">{percent(row?.logo_retention ?? null)}</strong>
        <span class="note">
          {note(
            `${count(row?.retained_customers ?? null)} of ${count(row?.opening_customers ?? null)}`,
          )}
        </span>
      </div>
      <div class="card" title={money.exact(row?.arr_minor ?? null)}>
        <Label short="ARR" long="a year's recurring revenue" />
        <strong class="figure">{row === null ? DASH : money.compact(row.arr_minor)}</strong>
        <span class="note">
          {row !== null &&
            row.closing_arr_minor !== null &&
            `${money.compact(row.arr_minor - row.closing_arr_minor)} won since`}
        </span>
      </div>
    </div>
  );
}

const Label = ({ short, long }: { readonly short: string; readonly long: string }) => (
  <span class="label">
    <b>{short}</b> <small>{long}</small>
  </span>
);

interface ChangeProps {
  readonly now: RetentionRow | null;
  readonly before: RetentionRow | null;
  readonly field: 'nrr' | 'grr';
  readonly stale: boolean;
}

function Change({ now, before, field, stale }: ChangeProps) {
  const [value, earlier] = [now?.[field] ?? null, before?.[field] ?? null];
  if (value === null || earlier === null) return <>no figure a month ago</>;
  const change = points(value - earlier);
  const direction = change.startsWith('+') ? 'gain' : change.startsWith('0') ? 'even' : 'loss';
  const coloured = !stale && figureState(now) === 'sound' && direction !== 'even';
  const arrow = direction === 'gain' ? '▲' : '▼';
  return (
    <>
      <span class={coloured ? direction : ''}>
        {coloured && <span aria-hidden="true">{arrow} </span>}
        {change}
      </span>{' '}
      in 1 month
    </>
  );
}

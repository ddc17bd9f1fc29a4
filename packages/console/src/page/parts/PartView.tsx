/** What a part of the figure is made of: its drivers, and its customers by absolute share. */

import { useEffect, useMemo, useState } from 'preact/hooks';
import { apiPath, ask } from '../data/api.ts';
import { useRefreshed } from '../data/use-refreshed.ts';
import type { Explanation, ShareRow } from '../model/answers.ts';
import { counted, points } from '../model/format.ts';
import { moverOf, sumDrivers } from '../model/ranking.ts';
import { PARTS, type View } from '../model/view.ts';
import { DriverBars } from './DriverBars.tsx';
import { Failure } from './Failure.tsx';
import { Go } from './Go.tsx';
import { MoversTable } from './MoversPanel.tsx';
import { Panel } from './Panel.tsx';
import { usePage } from './page-context.ts';

const PAGE_ROWS = 50;

export const PART_NAMES = {
  all: 'All parts',
  churned: 'Churn',
  contraction: 'Contraction',
  expansion: 'Expansion',
} as const;

const pathOf = (view: View, asOf: string, cursor: string | null): string =>
  apiPath('/v1/explain', {
    window: view.window,
    definition: view.definition,
    as_of: asOf,
    known_at: view.known ? asOf : null,
    by: view.scope?.dimension,
    member: view.scope?.member,
    part: view.part === 'all' ? null : view.part,
    limit: PAGE_ROWS,
    cursor,
  });

/** `asOf`: the instant of the figures above. */
export function PartView({ asOf }: { readonly asOf: string }) {
  const { view, money, refresh } = usePage();
  // What is read must stand still: the list is of the instant at which it was opened.
  const [openedAt, setOpenedAt] = useState(asOf);
  useEffect(() => setOpenedAt(asOf), [view.part, view.window, view.asOf, view.known, view.scope]);
  const first = pathOf(view, openedAt, null);
  const { answer, key, error, retry } = useRefreshed(
    first,
    (signal) => ask<Explanation>(first, signal),
    { ...refresh, paused: true, everyMs: 0 },
  );
  const [more, setMore] = useState<readonly Explanation[]>([]);
  useEffect(() => setMore([]), [first]);
  const pages = answer === null || key !== first ? [] : [answer, ...more];
  const rows = pages.flatMap((page) => page.rows);
  const next = pages.at(-1)?.next ?? null;
  const load = async (): Promise<void> => {
    const page = await ask<Explanation>(pathOf(view, openedAt, next), new AbortController().signal);
    setMore((before) => [...before, page]);
  };
  const opening = answer?.total?.opening_arr_minor ?? 0;
  const movers = rows.map((row) => moverOf(row, opening)).filter(({ change }) => change !== 0);
  const sum = partSum(answer, view.part);
  return (
    <>
      <nav class="tabs" aria-label="Parts">
        {(['all', ...PARTS] as const).map((part) => (
          <Go key={part} to={{ ...view, part }} class={view.part === part ? 'tab current' : 'tab'}>
            {PART_NAMES[part]}
          </Go>
        ))}
      </nav>
      <Failure what="The customers" error={error} retry={retry} />
      {answer !== null && key === first && (
        <>
          <p class="finding">
            {PART_NAMES[view.part ?? 'all']}: {money.signed(sum)} (
            {points(opening === 0 ? null : sum / opening)} of opening),{' '}
            {counted(answer.customers, 'customer')}
            {view.part === 'all' && ' in the cohort'}.
          </p>
          <Drivers answer={answer} rows={rows} />
          <Panel title="Customers" note="the greatest change first" wide>
            <MoversTable caption="Customers by absolute share" movers={movers} />
            {next !== null && (
              <button type="button" class="more" onClick={() => void load()}>
                {PAGE_ROWS} more
              </button>
            )}
          </Panel>
        </>
      )}
    </>
  );
}

function partSum(answer: Explanation | null, part: View['part']): number {
  const total = answer?.total;
  if (total === null || total === undefined) return 0;
  if (part === 'churned') return -(total.churned_arr_minor ?? 0);
  if (part === 'contraction') return -(total.contraction_arr_minor ?? 0);
  if (part === 'expansion') return total.expansion_arr_minor ?? 0;
  return (total.closing_arr_minor ?? 0) - (total.opening_arr_minor ?? 0);
}

interface DriversProps {
  readonly answer: Explanation;
  readonly rows: readonly ShareRow[];
}

function Drivers({ answer, rows }: DriversProps) {
  const ofAll = answer.drivers !== undefined || answer.next === null;
  const drivers = useMemo(
    () => sumDrivers(answer.drivers ?? rows.flatMap((row) => row.drivers)),
    [answer, rows],
  );
  const note = ofAll
    ? 'movements inside the window'
    : `movements inside the window of the ${rows.length} customers below`;
  return <DriverBars drivers={drivers} note={note} />;
}

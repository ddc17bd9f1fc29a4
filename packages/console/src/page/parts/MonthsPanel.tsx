/** How it came here: retention at month ends, and the flows of ARR in each month. */

import { Fragment } from 'preact';
import { useMemo } from 'preact/hooks';
import { bridgeChart, monthsChart } from '../charts/months-chart.ts';
import type { Past, Present } from '../data/overview.ts';
import type { BridgeRow } from '../model/answers.ts';
import { afterWindow } from '../model/dates.ts';
import { monthsFinding, restatementWords } from '../model/findings.ts';
import { percent } from '../model/format.ts';
import { withPresent } from '../model/months.ts';
import { overview } from '../model/view.ts';
import { Chart } from './Chart.tsx';
import { Panel } from './Panel.tsx';
import { usePage } from './page-context.ts';

interface MonthsPanelProps {
  readonly present: Present;
  readonly past: Past | null;
  readonly firstEffectiveAt: string | null;
}

export function MonthsPanel({ past, ...rest }: MonthsPanelProps) {
  const { view } = usePage();
  return (
    <Panel title="Month by month" note={`${view.window} at each month's end`}>
      {past === null ? (
        <p class="empty tall">Reading two years of months.</p>
      ) : (
        <Months past={past} {...rest} />
      )}
    </Panel>
  );
}

function Months({ present, past, firstEffectiveAt }: MonthsPanelProps & { readonly past: Past }) {
  const { view, go, calendar, money } = usePage();
  const { bridge, restatements } = past;
  const { asOf, row, corrected: now } = present;
  const months = useMemo(() => withPresent(past.months, asOf, row), [past.months, asOf, row]);
  const corrected = useMemo(
    () => past.corrected && withPresent(past.corrected, asOf, now),
    [past.corrected, asOf, now],
  );
  const first = months[0]?.nrr === null && firstEffectiveAt !== null ? firstEffectiveAt : null;
  const lines = useMemo(
    () =>
      monthsChart({
        months,
        ghost: corrected,
        marked: restatements.map(({ after_known_at }) => calendar.month(after_known_at)),
        nameOf: calendar.month,
      }),
    [months, corrected, restatements, calendar],
  );
  const flows = useMemo(
    () => bridgeChart(bridge, calendar.month, money),
    [bridge, calendar, money],
  );
  const words = (asOf: string, open: boolean): string =>
    `${open ? `${calendar.date(asOf)}, month not ended` : calendar.month(asOf)}`;
  const won = (row: BridgeRow): number => row.new_arr_minor + row.reactivation_arr_minor;
  return (
    <>
      <Chart
        name="Months"
        finding={monthsFinding(months)}
        draw={lines}
        first={months.length - 1}
        points={months.map(({ asOf, open, nrr, grr }) => ({
          words: `${words(asOf, open)}: NRR ${percent(nrr)}, GRR ${percent(grr)}`,
          open: open ? null : () => go({ ...overview(view), asOf: calendar.day(asOf) }),
        }))}
        table={{
          head: ['Month', 'NRR', 'GRR'],
          rows: months.map(({ asOf, open, nrr, grr }) => [
            words(asOf, open),
            percent(nrr),
            percent(grr),
          ]),
        }}
      >
        Solid NRR, dashed GRR; hollow: the month has not ended. Pick a month to go there.
        {restatements.map((one) => (
          <Fragment key={`${one.generation} ${one.restatement}`}>
            {' '}
            {restatementWords(one, calendar)}
          </Fragment>
        ))}
        {first !== null && <> First possible {calendar.date(afterWindow(first, view.window))}.</>}
      </Chart>
      <Chart
        name="Flows of ARR"
        finding="ARR bridge: what came and went in each month, all customers"
        draw={flows}
        first={bridge.length - 1}
        points={bridge.map((row) => ({
          words: `${calendar.month(row.from)}: expansion ${money.signed(row.expansion_arr_minor)}, new and returned ${money.signed(won(row))}, churn ${money.signed(-row.churned_arr_minor)}, contraction ${money.signed(-row.contraction_arr_minor)}`,
          open: null,
        }))}
        table={{
          head: [
            'Month',
            'Opening',
            'New',
            'Returned',
            'Expansion',
            'Contraction',
            'Churn',
            'Closing',
          ],
          rows: bridge.map((row) => [
            calendar.month(row.from),
            money.whole(row.opening_arr_minor),
            money.signed(row.new_arr_minor),
            money.signed(row.reactivation_arr_minor),
            money.signed(row.expansion_arr_minor),
            money.signed(-row.contraction_arr_minor),
            money.signed(-row.churned_arr_minor),
            money.whole(row.closing_arr_minor),
          ]),
        }}
      >
        <ul class="legend">
          <li class="key expansion">+ expansion</li>
          <li class="key won">+ new and returned</li>
          <li class="key churn">− churn</li>
          <li class="key contraction">− contraction</li>
        </ul>
      </Chart>
    </>
  );
}

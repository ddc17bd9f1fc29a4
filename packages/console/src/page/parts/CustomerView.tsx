/** One customer's story: ARR over time with the window shaded, its share, and every event. */

import { useMemo } from 'preact/hooks';
import { stepsChart } from '../charts/steps-chart.ts';
import { apiPath, ask } from '../data/api.ts';
import { useRefreshed } from '../data/use-refreshed.ts';
import type { Customer, CustomerWindow, Step } from '../model/answers.ts';
import { arrPoints } from '../model/customer-steps.ts';
import { counted, words } from '../model/format.ts';
import { sumDrivers } from '../model/ranking.ts';
import { Chart } from './Chart.tsx';
import { DataTable } from './DataTable.tsx';
import { EventView } from './EventView.tsx';
import { Failure } from './Failure.tsx';
import { Go } from './Go.tsx';
import { Panel } from './Panel.tsx';
import { Path } from './Path.tsx';
import { usePage } from './page-context.ts';

interface CustomerViewProps {
  readonly id: string;
  /** The instant of the figures above. */
  readonly asOf: string;
  /** The figure above, `NRR 107.5%`. */
  readonly top: string;
}

export function CustomerView({ id, asOf, top }: CustomerViewProps) {
  const { view, refresh } = usePage();
  const question = `${id} ${view.asOf} ${view.known}`;
  const { answer, key, error, retry } = useRefreshed(
    question,
    (signal) =>
      ask<Customer>(
        apiPath(`/v1/customers/${encodeURIComponent(id)}`, {
          as_of: asOf,
          known_at: view.known ? asOf : null,
        }),
        signal,
      ),
    { ...refresh, everyMs: 5_000 },
  );
  return (
    <>
      <Path top={top} customerName={key === question ? (answer?.name ?? null) : null} />
      <Failure what="The customer" error={error} retry={retry} />
      {answer !== null &&
        key === question &&
        (view.event === null ? (
          <Story customer={answer} />
        ) : (
          <EventView customer={answer} eventId={view.event} />
        ))}
    </>
  );
}

function Story({ customer }: { readonly customer: Customer }) {
  const { view, money } = usePage();
  const attributes = Object.entries(customer.attributes);
  const window = customer.windows.find((one) => one.window === view.window) ?? null;
  return (
    <>
      <p class="finding">
        {money.exact(customer.arr_minor)} ARR
        {attributes.map(([name, value]) => (
          <span key={name} class="attribute">
            {name} {value}
          </span>
        ))}
      </p>
      <Arr customer={customer} window={window} />
      <Panel title="Events" note="the newest first" wide>
        <Steps steps={customer.steps} />
      </Panel>
      <Panel title="Its part in each window" wide>
        <Windows windows={customer.windows} />
      </Panel>
      {customer.retracted.length > 0 && (
        <Panel title="Taken back" note="what was said before and no longer holds" wide>
          <DataTable
            caption="Movements taken back"
            head={['Effective', 'Movement', 'Amount', 'Taken back', 'By event']}
            words={['Movement']}
            rows={customer.retracted.map((step) => [
              <When key="when" at={step.effective_at} />,
              step.movement,
              money.signed(step.amount_minor),
              <When key="back" at={step.retracted_at} />,
              step.retracted_by.event_id,
            ])}
          />
        </Panel>
      )}
    </>
  );
}

function When({ at }: { readonly at: string }) {
  const { calendar } = usePage();
  return (
    <time dateTime={at} title={calendar.time(at)}>
      {calendar.date(at)}
    </time>
  );
}

interface ArrProps {
  readonly customer: Customer;
  readonly window: CustomerWindow | null;
}

function Arr({ customer, window }: ArrProps) {
  const { view, go, money, calendar } = usePage();
  const { steps } = customer;
  const draw = useMemo(
    () =>
      stepsChart(
        {
          points: arrPoints(steps, Date.parse(customer.as_of)),
          steps,
          window:
            window === null
              ? null
              : { from: Date.parse(window.from), to: Date.parse(customer.as_of) },
          monthOf: (at) => calendar.month(at.toISOString()),
        },
        money,
      ),
    [steps, customer.as_of, window, calendar, money],
  );
  if (steps.length === 0) return <p class="empty">No ARR up to this date.</p>;
  const words = (step: Step): string =>
    `${calendar.date(step.effective_at)}: ${step.movement} ${money.signed(step.amount_minor, 'exact')} to ${money.exact(step.arr_after_minor)}`;
  return (
    <Panel title="ARR over time" note={`shaded: ${view.window}`} wide>
      <Chart
        name="Steps of ARR"
        finding={`${counted(steps.length, 'movement')}; ${money.whole(customer.arr_minor)} now`}
        draw={draw}
        first={steps.length - 1}
        points={steps.map((step) => ({
          words: words(step),
          open: () => go({ ...view, event: step.cause.event_id }),
        }))}
        table={{
          head: ['Effective', 'Movement', 'Amount', 'ARR after'],
          rows: steps.map((step) => [
            calendar.date(step.effective_at),
            step.movement,
            money.signed(step.amount_minor, 'exact'),
            money.exact(step.arr_after_minor),
          ]),
        }}
      >
        Pick a point to open its event.
      </Chart>
    </Panel>
  );
}

function Steps({ steps }: { readonly steps: readonly Step[] }) {
  const { view, money } = usePage();
  return (
    <DataTable
      caption="Events of the customer"
      head={['Event', 'Effective', 'Amount', 'ARR after', 'Movement', 'Why']}
      words={['Movement', 'Why']}
      rows={[...steps].reverse().map((step) => [
        <Go key={step.cause.event_id} to={{ ...view, event: step.cause.event_id }}>
          {step.cause.event_id}
        </Go>,
        <When key="when" at={step.effective_at} />,
        <span key="amount" class={step.amount_minor < 0 ? 'loss' : 'gain'}>
          {money.signed(step.amount_minor)}
        </span>,
        money.whole(step.arr_after_minor),
        step.movement,
        sumDrivers(step.drivers)
          .map(({ driver }) => words(driver))
          .join(', '),
      ])}
    />
  );
}

function Windows({ windows }: { readonly windows: readonly CustomerWindow[] }) {
  const { money } = usePage();
  return (
    <DataTable
      caption="Its part in each window"
      head={['Window', 'Opening', 'Churn', 'Contraction', 'Expansion', 'Closing']}
      rows={windows.map((one) => [
        one.window,
        money.whole(one.opening_arr_minor),
        money.signed(-one.churned_arr_minor),
        money.signed(-one.contraction_arr_minor),
        money.signed(one.expansion_arr_minor),
        money.whole(one.closing_arr_minor),
      ])}
    />
  );
}

/** The last level: one record, what it changed, and where it lies. */

import type { ComponentChildren } from 'preact';
import type { Customer, Retracted, Step } from '../model/answers.ts';
import { words } from '../model/format.ts';
import { sumDrivers } from '../model/ranking.ts';
import { DriverBars } from './DriverBars.tsx';
import { Panel } from './Panel.tsx';
import { usePage } from './page-context.ts';

interface EventViewProps {
  readonly customer: Customer;
  readonly eventId: string;
}

export function EventView({ customer, eventId }: EventViewProps) {
  const made = customer.steps.filter(({ cause }) => cause.event_id === eventId);
  const retracted = customer.retracted.filter(
    ({ cause, retracted_by }) => cause.event_id === eventId || retracted_by.event_id === eventId,
  );
  if (made.length + retracted.length === 0) {
    return <p class="empty">This event changed no ARR that is in force at this date.</p>;
  }
  const drivers = sumDrivers(made.flatMap((step) => step.drivers));
  return (
    <>
      {made.map((step) => (
        <Movement key={step.effective_at} step={step} title={step.movement} />
      ))}
      {retracted.map((step) => (
        <Movement
          key={`${step.effective_at} ${step.retracted_at}`}
          step={step}
          title={`${step.movement}, taken back`}
          retracted={step}
        />
      ))}
      <DriverBars drivers={drivers} note="drivers add up to the movement" />
    </>
  );
}

interface MovementProps {
  readonly step: Step;
  readonly title: string;
  readonly retracted?: Retracted;
}

function Movement({ step, title, retracted }: MovementProps) {
  const { money, calendar } = usePage();
  const { cause } = step;
  const facts: readonly (readonly [string, ComponentChildren])[] = [
    ['Amount', money.signed(step.amount_minor, 'exact')],
    ['ARR before', money.exact(step.arr_before_minor)],
    ['ARR after', money.exact(step.arr_after_minor)],
    ['Effective', calendar.time(step.effective_at)],
    ['Known', calendar.time(step.known_at)],
    [
      'Why',
      step.drivers
        .map(({ driver, product_id }) => `${words(driver)} ${product_id ?? ''}`)
        .join(', '),
    ],
    ['Event', <code key="id">{cause.event_id}</code>],
    ['Source', cause.source === '' ? 'not named' : cause.source],
    [
      'Record',
      <code key="place">
        {cause.topic} partition {cause.partition} offset {cause.offset}
      </code>,
    ],
    ...(step.restatement === null ? [] : ([['Restatement', step.restatement]] as const)),
    ...(retracted === undefined
      ? []
      : ([
          ['Taken back', calendar.time(retracted.retracted_at)],
          ['By event', retracted.retracted_by.event_id],
        ] as const)),
  ];
  return (
    <Panel title={title} wide>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

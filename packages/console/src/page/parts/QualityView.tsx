/** Can it be trusted: what was read and what was not, what came late, and by which rules it counts. */

import type { Past } from '../data/overview.ts';
import type { Status } from '../model/answers.ts';
import { count, counted, DASH, percent, points, words } from '../model/format.ts';
import { DEFINITIONS, type DefinitionName } from '../model/view.ts';
import { DataTable } from './DataTable.tsx';
import { Go } from './Go.tsx';
import { Panel } from './Panel.tsx';
import { usePage } from './page-context.ts';

const MEANINGS: Readonly<Record<DefinitionName, string>> = {
  point_to_point: 'ARR at the end against ARR at the start, customer by customer',
  no_returners: 'a customer that was gone in between counts as lost',
  path: 'GRR keeps the lowest point in between, also where it was won back',
};

interface QualityViewProps {
  readonly status: Status;
  readonly past: Past | null;
}

export function QualityView({ status, past }: QualityViewProps) {
  const { view, go, calendar } = usePage();
  const when = (at: string | null): string => (at === null ? DASH : calendar.time(at));
  return (
    <>
      <Panel title="Input" wide>
        <DataTable
          caption="Input"
          head={['What', 'Value']}
          rows={[
            ['Complete up to', when(status.as_of)],
            ['Last record', when(status.last_record_at)],
            ['Not read yet', countOr(status.lag_events)],
            ...entries(status.events, 'Events'),
            ...entries(status.dead_letters, 'Dead letters'),
            ['Movements published', count(status.deltas)],
            ['Customers', count(status.customers)],
            ['Generation', status.generation],
            ['Time zone', status.time_zone],
            ['Currency', `${status.reporting_currency}, constant rates`],
          ]}
        />
      </Panel>
      <Panel title="Definition" wide>
        <label class="field">
          Every figure on the page counts by{' '}
          <select
            value={view.definition}
            onChange={({ currentTarget }) =>
              go({ ...view, definition: currentTarget.value as DefinitionName })
            }
          >
            {DEFINITIONS.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <p>{MEANINGS[view.definition]}.</p>
      </Panel>
      {past !== null && <RestatedPanel restated={past.restated} />}
    </>
  );
}

const countOr = (value: number | null): string =>
  value === null ? 'not known here' : count(value);

const entries = (
  counts: Readonly<Record<string, number>> | null,
  name: string,
): readonly (readonly [string, string])[] => {
  if (counts === null) return [[name, 'not known here']];
  const there = Object.entries(counts);
  if (there.length === 0) return [[name, '0']];
  return there.map(([kind, value]) => [`${name}: ${words(kind)}`, count(value)]);
};

function RestatedPanel({ restated }: Pick<Past, 'restated'>) {
  const { view, calendar, money } = usePage();
  const { asOf, answer } = restated;
  const date = calendar.date(asOf);
  return (
    <Panel title="Late and corrected" note={`${view.window} to ${date}, all customers`} wide>
      <p class="finding">
        NRR was known then as {percent(answer.known.nrr)} and is now {percent(answer.corrected.nrr)}
        : {points(answer.difference.nrr)}, {counted(answer.event_count, 'event')}.
      </p>
      {answer.events.length === 0 ? (
        <p class="empty">Nothing became known after {date} that changed it.</p>
      ) : (
        <DataTable
          caption="Events that became known later"
          head={['Event', 'Customer', 'Amount', 'Effective', 'Known']}
          words={['Customer']}
          rows={answer.events.map((event) => [
            <Go
              key={event.event_id}
              to={{ ...view, quality: false, customer: event.customer_id, event: event.event_id }}
            >
              {event.event_id}
            </Go>,
            event.customer_name ?? event.customer_id,
            money.signed(event.amount_minor),
            calendar.date(event.effective_at),
            calendar.date(event.known_at),
          ])}
        />
      )}
    </Panel>
  );
}

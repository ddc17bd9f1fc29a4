/** Can it be trusted: one line, never hidden; opens the data's quality. */

import type { Past } from '../data/overview.ts';
import type { Status } from '../model/answers.ts';
import { count, points } from '../model/format.ts';
import { overview } from '../model/view.ts';
import { Go } from './Go.tsx';
import { usePage } from './page-context.ts';

interface TrustStripProps {
  readonly status: Status;
  readonly past: Past | null;
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, value) => total + value, 0);

export function TrustStrip({ status, past }: TrustStripProps) {
  const { view, calendar } = usePage();
  const { lag_events: lag, dead_letters: dead } = status;
  const restated = past?.restated;
  return (
    <footer class="trust">
      <Go to={{ ...overview(view), quality: true }} title="Data quality">
        <span>lag {lag === null ? 'unknown' : count(lag)}</span>
        <span>dead letters {dead === null ? 'unknown' : count(sum(dead))}</span>
        {restated !== undefined && (
          <span title={`NRR to ${calendar.date(restated.asOf)} against what was known then`}>
            late {points(restated.answer.difference.nrr)}
          </span>
        )}
        <span>{view.definition}</span>
        <span>{status.reporting_currency}</span>
        <span class="open">data quality ›</span>
      </Go>
    </footer>
  );
}

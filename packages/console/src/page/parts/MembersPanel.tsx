/** Who: the members of one dimension; each opens the page for itself. */

import { useMemo, useState } from 'preact/hooks';
import { membersChart } from '../charts/members-chart.ts';
import type { RetentionRow } from '../model/answers.ts';
import { membersFinding } from '../model/findings.ts';
import { count, counted, percent } from '../model/format.ts';
import { type Member, membersOf } from '../model/members.ts';
import { overview } from '../model/view.ts';
import { Chart } from './Chart.tsx';
import { Panel } from './Panel.tsx';
import { usePage } from './page-context.ts';

const SHOWN = 8;

interface MembersPanelProps {
  readonly dimension: string;
  readonly rows: readonly RetentionRow[];
  /** Of the axis: the same for all dimensions. */
  readonly range: readonly [number, number];
}

export function MembersPanel({ dimension, rows, range }: MembersPanelProps) {
  const { view, go, money } = usePage();
  const [all, setAll] = useState(false);
  const members = useMemo(() => membersOf(rows), [rows]);
  const shown = useMemo(() => (all ? members : members.slice(0, SHOWN)), [members, all]);
  const [low, high] = range;
  const draw = useMemo(() => membersChart(shown, { low, high }, money), [shown, low, high, money]);
  const words = ({ name, nrr, grr, base, customers, state }: Member): string =>
    `${name}: NRR ${percent(nrr)}, GRR ${percent(grr)}, base ${money.whole(base)}, ${counted(customers, 'customer')}${state === 'small' ? ', small base' : ''}`;
  return (
    <Panel title={`By ${dimension}`} note="NRR, base ARR">
      <Chart
        name={`Members of ${dimension}`}
        finding={membersFinding(dimension, members)}
        draw={draw}
        first={0}
        points={shown.map((member) => ({
          words: words(member),
          open: () => go({ ...overview(view), scope: { dimension, member: member.name } }),
        }))}
        table={{
          head: [dimension, 'NRR', 'GRR', 'Base ARR', 'Customers'],
          rows: members.map((member) => [
            member.name,
            `${percent(member.nrr)}${member.state === 'small' ? ' small base' : ''}`,
            percent(member.grr),
            money.whole(member.base),
            count(member.customers),
          ]),
        }}
      >
        ● NRR, × GRR, round the line of 100%. Pick one to see it alone.
      </Chart>
      {members.length > SHOWN && !view.table && (
        <button type="button" class="more" onClick={() => setAll(!all)}>
          {all ? `The ${SHOWN} largest only` : `All ${members.length}`}
        </button>
      )}
    </Panel>
  );
}

/** Which customers moved the figure most, each with its reason; each opens its story. */

import type { Present } from '../data/overview.ts';
import { points, words } from '../model/format.ts';
import type { Mover } from '../model/ranking.ts';
import { DataTable } from './DataTable.tsx';
import { Go } from './Go.tsx';
import { Panel } from './Panel.tsx';
import { usePage } from './page-context.ts';
import { useHeld, Waiting } from './Waiting.tsx';

export function MoversPanel({ present }: { readonly present: Present }) {
  const { view } = usePage();
  const { gains, losses } = present;
  return (
    <Panel title="Biggest gains and losses" note={`${view.window}, share of opening`} wide>
      <div class="pair">
        <Movers title="Losses" movers={losses} />
        <Movers title="Gains" movers={gains} />
      </div>
    </Panel>
  );
}

const idOf = ({ customerId, change }: Mover): string => `${customerId} ${change}`;

function Movers({ title, movers }: { readonly title: string; readonly movers: readonly Mover[] }) {
  const { held, hold, letIn } = useHeld(movers, idOf);
  return (
    <div {...hold}>
      <h3>{title}</h3>
      <Waiting count={held.waiting} letIn={letIn} />
      {held.shown.length === 0 ? (
        <p class="empty">None in this window.</p>
      ) : (
        <MoversTable caption={title} movers={held.shown} />
      )}
    </div>
  );
}

interface MoversTableProps {
  readonly caption: string;
  readonly movers: readonly Mover[];
}

export function MoversTable({ caption, movers }: MoversTableProps) {
  const { view, money } = usePage();
  return (
    <DataTable
      caption={caption}
      head={['Customer', 'Change', 'Share', 'Then', 'Now', 'Why']}
      words={['Why']}
      rows={movers.map(({ customerId, name, opening, closing, change, share, why }) => [
        <Go key={customerId} to={{ ...view, customer: customerId, event: null }}>
          {name}
        </Go>,
        <span
          key="change"
          class={change < 0 ? 'loss' : 'gain'}
          title={money.signed(change, 'exact')}
        >
          {money.signed(change)}
        </span>,
        points(share),
        money.whole(opening),
        money.whole(closing),
        why === null ? '' : words(why),
      ])}
    />
  );
}

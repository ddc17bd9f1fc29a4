/** The newest movements, as they come. */

import { useMemo } from 'preact/hooks';
import { apiPath, ask } from '../data/api.ts';
import type { LiveState } from '../data/live.ts';
import { useRefreshed } from '../data/use-refreshed.ts';
import type { Feed, FeedRow } from '../model/answers.ts';
import { words } from '../model/format.ts';
import { DataTable } from './DataTable.tsx';
import { Go } from './Go.tsx';
import { Panel } from './Panel.tsx';
import { usePage } from './page-context.ts';
import { useHeld, Waiting } from './Waiting.tsx';

const SHOWN = 8;
const idOf = ({ delta_id }: FeedRow): string => delta_id;

interface FeedPanelProps extends Pick<LiveState, 'movements'> {
  readonly wide: boolean;
}

export function FeedPanel({ movements, wide }: FeedPanelProps) {
  const { view, money, calendar, refresh } = usePage();
  const { answer } = useRefreshed(
    'feed',
    (signal) => ask<Feed>(apiPath('/v1/movements/feed', { limit: SHOWN }), signal),
    { ...refresh, everyMs: 60_000 },
  );
  const newest = useMemo(() => {
    const known = new Set(movements.map(idOf));
    const earlier = (answer?.rows ?? []).filter((row) => !known.has(row.delta_id));
    return [...movements, ...earlier].slice(0, SHOWN);
  }, [movements, answer]);
  const { held, hold, letIn } = useHeld(newest, idOf);
  if (held.shown.length === 0) return null;
  return (
    <Panel title="Latest movements" note="all customers, as they become known" wide={wide}>
      <div {...hold}>
        <Waiting count={held.waiting} letIn={letIn} />
        <DataTable
          caption="Latest movements"
          head={['Customer', 'Amount', 'Movement', 'Why', 'Effective']}
          words={['Movement', 'Why']}
          rows={held.shown.map((row) => [
            <Go
              key={row.delta_id}
              to={{ ...view, customer: row.customer_id, event: row.cause.event_id }}
            >
              {row.customer_name ?? row.customer_id}
            </Go>,
            <span key="amount" class={row.amount_minor < 0 ? 'loss' : 'gain'}>
              {money.signed(row.amount_minor)}
            </span>,
            row.op === 'retract' ? `${row.movement}, taken back` : row.movement,
            words(row.drivers[0]?.driver ?? ''),
            calendar.date(row.effective_at),
          ])}
        />
      </div>
    </Panel>
  );
}

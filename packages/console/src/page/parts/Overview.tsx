/** The first page below the cards: why, how it came here, who, and what moved last. */

import type { LiveState } from '../data/live.ts';
import type { Past, Present } from '../data/overview.ts';
import { ratioRange } from '../model/months.ts';
import { FeedPanel } from './FeedPanel.tsx';
import { MembersPanel } from './MembersPanel.tsx';
import { MonthsPanel } from './MonthsPanel.tsx';
import { MoversPanel } from './MoversPanel.tsx';
import { usePage } from './page-context.ts';
import { WaterfallPanel } from './WaterfallPanel.tsx';

interface OverviewProps extends Pick<LiveState, 'movements'> {
  readonly present: Present;
  readonly past: Past | null;
  readonly firstEffectiveAt: string | null;
}

export function Overview({ present, past, firstEffectiveAt, movements }: OverviewProps) {
  const { view } = usePage();
  // One range for all, so that dots of two panels can be compared.
  const everyone = present.members.flatMap(({ rows }) => rows);
  const range = ratioRange(everyone.flatMap(({ nrr, grr }) => [nrr, grr]));
  return (
    <div class="grid">
      <WaterfallPanel present={present} />
      <MonthsPanel present={present} past={past} firstEffectiveAt={firstEffectiveAt} />
      <MoversPanel present={present} />
      {view.scope === null &&
        present.members.map(({ dimension, rows }) => (
          <MembersPanel key={dimension} dimension={dimension} rows={rows} range={range} />
        ))}
      {view.asOf === null && view.scope === null && (
        <FeedPanel movements={movements} wide={present.members.length % 2 === 0} />
      )}
    </div>
  );
}

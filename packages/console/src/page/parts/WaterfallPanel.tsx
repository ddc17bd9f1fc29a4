/** Why the figure is what it is; each bar opens its customers. */

import { useMemo } from 'preact/hooks';
import { barMoney, barShare, waterfallChart } from '../charts/waterfall-chart.ts';
import type { Present } from '../data/overview.ts';
import { waterfallFinding } from '../model/findings.ts';
import { points, windowWords } from '../model/format.ts';
import { type Bar, waterfallOf } from '../model/waterfall.ts';
import { Chart } from './Chart.tsx';
import { Panel } from './Panel.tsx';
import { usePage } from './page-context.ts';

export function WaterfallPanel({ present }: { readonly present: Present }) {
  const { view, go, money } = usePage();
  const { row, corrected } = present;
  const shown = useMemo(() => {
    const waterfall = row === null ? null : waterfallOf(row, view.definition);
    if (waterfall === null) return null;
    const ghost = corrected === null ? null : waterfallOf(corrected, view.definition);
    const same = ghost?.mode === waterfall.mode ? ghost : null;
    return { waterfall, draw: waterfallChart({ waterfall, money, ghost: same }) };
  }, [row, corrected, view.definition, money]);
  const title = `What made it so: ${windowWords(view.window)}`;
  if (shown === null || row === null) {
    return (
      <Panel title={title}>
        <p class="empty">Nothing was open at the start of the window.</p>
      </Panel>
    );
  }
  const { waterfall, draw } = shown;
  const restated = corrected === null ? null : (corrected.nrr ?? 0) - (row.nrr ?? 0);
  const words = (bar: Bar): string =>
    `${bar.name} ${bar.kind === 'total' && bar.name !== 'Change' ? money.exact(bar.amount) : money.signed(bar.amount, 'exact')} (${barShare(bar)})`;
  return (
    <Panel title={title}>
      <Chart
        name="Parts of the figure"
        finding={waterfallFinding(waterfall, row.nrr)}
        draw={draw}
        first={0}
        points={waterfall.bars.map((bar) => ({
          words: words(bar),
          open: () => go({ ...view, part: bar.part }),
        }))}
        table={{
          head: ['Part', 'Amount', 'Of opening', 'On the chart'],
          rows: waterfall.bars.map((bar) => [
            bar.name,
            bar.kind === 'total' ? money.exact(bar.amount) : money.signed(bar.amount, 'exact'),
            barShare(bar),
            barMoney(bar, waterfall, money),
          ]),
        }}
      >
        Pick a bar to see its customers.
        {waterfall.rounding !== null && (
          <> Parts as shown differ from the total: {waterfall.rounding}.</>
        )}
        {restated !== null && <> Dashed: as corrected since, {points(restated)}.</>}
      </Chart>
    </Panel>
  );
}

/** Why: drivers as bars from zero. */

import { useMemo } from 'preact/hooks';
import { driversChart } from '../charts/drivers-chart.ts';
import type { Driver } from '../model/answers.ts';
import { words } from '../model/format.ts';
import { Chart } from './Chart.tsx';
import { Panel } from './Panel.tsx';
import { usePage } from './page-context.ts';

interface DriverBarsProps {
  readonly drivers: readonly Driver[];
  readonly note: string;
}

export function DriverBars({ drivers, note }: DriverBarsProps) {
  const { money } = usePage();
  const draw = useMemo(() => driversChart(drivers, money), [drivers, money]);
  const [main] = drivers;
  if (main === undefined) return null;
  const line = ({ driver, amount_minor }: Driver): string =>
    `${words(driver)} ${money.signed(amount_minor, 'exact')}`;
  return (
    <Panel title="Why" note={note} wide>
      <Chart
        name="Drivers"
        finding={`Most by ${words(main.driver)}: ${money.signed(main.amount_minor)}`}
        draw={draw}
        first={0}
        points={drivers.map((driver) => ({ words: line(driver), open: null }))}
        table={{
          head: ['Driver', 'Amount'],
          rows: drivers.map(({ driver, amount_minor }) => [
            words(driver),
            money.signed(amount_minor, 'exact'),
          ]),
        }}
      />
    </Panel>
  );
}

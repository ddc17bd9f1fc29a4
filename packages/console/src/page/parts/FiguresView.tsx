/** The figure, its cards, and below them the level that is open. */

import type { LiveState } from '../data/live.ts';
import type { Figures } from '../data/use-figures.ts';
import type { Status } from '../model/answers.ts';
import { headline, plainWords } from '../model/findings.ts';
import { percent, windowWords } from '../model/format.ts';
import { Cards } from './Cards.tsx';
import { CustomerView } from './CustomerView.tsx';
import { Overview } from './Overview.tsx';
import { PartView } from './PartView.tsx';
import { Path } from './Path.tsx';
import { usePage } from './page-context.ts';
import { QualityView } from './QualityView.tsx';

interface FiguresViewProps extends Pick<LiveState, 'movements'> {
  readonly figures: Figures;
  readonly status: Status;
  readonly stale: boolean;
}

export function FiguresView({ figures, status, stale, movements }: FiguresViewProps) {
  const { view, money, calendar } = usePage();
  const { present } = figures;
  const { row, asOf, currency } = present;
  const { scope } = view;
  const scopeName = scope === null ? 'all customers' : `${scope.dimension} ${scope.member}`;
  if (row === null) return <p class="empty">No customer was in {scopeName} at this date.</p>;
  return (
    <>
      <h1>{headline(row, stale ? null : present.before)}</h1>
      <p class="lead">
        {plainWords(row, view.window, money)}{' '}
        <span class="context">
          {windowWords(view.window)} to {calendar.time(asOf)}, {scopeName}, {view.definition},{' '}
          {currency}
        </span>
      </p>
      <Cards present={present} stale={stale} firstEffectiveAt={status.first_effective_at} />
      <Level
        figures={figures}
        status={status}
        movements={movements}
        top={`NRR ${percent(row.nrr)}`}
      />
    </>
  );
}

interface LevelProps extends Omit<FiguresViewProps, 'stale'> {
  readonly top: string;
}

function Level({ figures: { present, past }, status, movements, top }: LevelProps) {
  const { view } = usePage();
  if (view.customer !== null) {
    return <CustomerView id={view.customer} asOf={present.asOf} top={top} />;
  }
  if (!view.quality && view.part === null) {
    return (
      <Overview
        present={present}
        past={past}
        firstEffectiveAt={status.first_effective_at}
        movements={movements}
      />
    );
  }
  return (
    <>
      <Path top={top} customerName={null} />
      {view.quality ? (
        <QualityView status={status} past={past} />
      ) : (
        <PartView asOf={present.asOf} />
      )}
    </>
  );
}

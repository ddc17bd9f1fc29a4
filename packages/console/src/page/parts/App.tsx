/** The whole page: listens to the server, asks for what the view shows, and puts the parts together. */

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Live, LiveState } from '../data/live.ts';
import { useFigures } from '../data/use-figures.ts';
import { useView } from '../data/use-view.ts';
import type { Status } from '../model/answers.ts';
import { calendarIn } from '../model/dates.ts';
import { moneyIn, percent } from '../model/format.ts';
import { type Command, moved } from '../model/keys.ts';
import { readView, type View } from '../model/view.ts';
import { useFreshness } from './Age.tsx';
import { Announcer } from './Announcer.tsx';
import { PastBanner, StaleBanner } from './Banners.tsx';
import { Find, Help, TokenForm } from './Dialogs.tsx';
import { Empty, Reading } from './Empty.tsx';
import { Failure } from './Failure.tsx';
import { FiguresView } from './FiguresView.tsx';
import { Hatches } from './Hatches.tsx';
import { type Page, PageProvider } from './page-context.ts';
import { Top } from './Top.tsx';
import { TrustStrip } from './TrustStrip.tsx';
import { useKeys, useKeysOff } from './use-keys.ts';

export function App({ live }: { readonly live: Live }) {
  const state = useLive(live);
  const { status } = state.heard;
  if (state.refused) return <TokenForm />;
  if (status === null) {
    return (
      <main class="alone">
        <h1>Holdfast</h1>
        <p aria-live="polite">
          {state.heard.connected ? 'Waiting for the first figures.' : 'Connecting.'}
        </p>
      </main>
    );
  }
  return <Console live={live} state={state} status={status} />;
}

function useLive(live: Live): LiveState {
  const [state, setState] = useState(live.state);
  useEffect(() => live.subscribe(() => setState(live.state())), [live]);
  return state;
}

interface ConsoleProps {
  readonly live: Live;
  readonly state: LiveState;
  readonly status: Status;
}

function Console({ live, state, status }: ConsoleProps) {
  const [view, go] = useView();
  const [paused, setPaused] = useState(false);
  const [dialog, setDialog] = useState<'find' | 'help' | null>(null);
  const [keysOff, setKeysOff] = useKeysOff();
  const money = useMemo(() => moneyIn(status.reporting_currency), [status.reporting_currency]);
  const calendar = useMemo(() => calendarIn(status.time_zone), [status.time_zone]);
  const freshness = useFreshness(state.heard);

  const refresh = { live, paused };
  const { figures, busy, present, past } = useFigures(view, status, calendar, refresh);

  const today = status.as_of === null ? '' : calendar.day(status.as_of);
  const dayOf = ({ asOf }: View): string =>
    today === '' ? '' : calendar.day(asOf ?? figures?.present.asOf ?? status.as_of ?? '');
  const day = dayOf(view);
  const does = (command: Command): void => {
    if (command.kind === 'pause') setPaused(!paused);
    else if (command.kind === 'find' || command.kind === 'help') setDialog(command.kind);
    else {
      // Keys may follow each other faster than the page is drawn: the URL holds the newest view.
      const newest = readView(location.search);
      const day = dayOf(newest);
      go(moved(newest, command, { windows: status.windows, today, day }));
    }
  };
  // It may be told late, when the other is open already.
  const closed = (name: typeof dialog): void => setDialog((now) => (now === name ? null : now));
  useKeys(does, keysOff);
  const heading = useHeading(`${view.part} ${view.customer} ${view.event} ${view.quality}`);

  const page: Page = { view, go, money, calendar, refresh };
  const stale = freshness.state !== 'live';
  const nrr = figures?.present.row?.nrr ?? null;
  return (
    <PageProvider value={page}>
      <Hatches />
      <Top
        heard={state.heard}
        paused={paused}
        figure={nrr === null ? null : `NRR ${percent(nrr)}`}
        status={status}
        dimensions={figures?.present.members ?? []}
        today={today}
        day={day}
        does={does}
      />
      <StaleBanner freshness={freshness} />
      <main
        id="figures"
        ref={heading}
        tabIndex={-1}
        class={busy || (stale && view.asOf === null) ? 'dimmed' : ''}
        aria-busy={busy}
      >
        {status.as_of === null && <Reading deltas={status.deltas} />}
        {status.as_of !== null && status.first_effective_at === null && <Empty />}
        {busy && figures === null && present.error === null && (
          <p class="empty">Reading the figures.</p>
        )}
        <Failure what="The figures" error={present.error} retry={present.retry} />
        <Failure what="The months" error={past.error} retry={past.retry} />
        {figures !== null && (
          <PageProvider value={{ ...page, view: { ...view, ...heldFrom(figures.view) } }}>
            <PastBanner present={figures.present} past={figures.past} />
            <FiguresView
              figures={figures}
              status={status}
              stale={stale}
              movements={state.movements}
            />
          </PageProvider>
        )}
      </main>
      <TrustStrip status={status} past={figures?.past ?? null} />
      <Announcer present={paused || view.asOf !== null ? null : (figures?.present ?? null)} />
      {dialog === 'find' && <Find close={() => closed('find')} />}
      {dialog === 'help' && (
        <Help close={() => closed('help')} keysOff={keysOff} setKeysOff={setKeysOff} />
      )}
    </PageProvider>
  );
}

/** What figures are of; how deep they are opened is the reader's. */
const heldFrom = ({ window, definition, scope, asOf, known }: View): Partial<View> => ({
  window,
  definition,
  scope,
  asOf,
  known,
});

/** Puts the focus to the figures when another level opens, so that keys and readers go on there. */
function useHeading(level: string) {
  const heading = useRef<HTMLElement>(null);
  const shown = useRef(level);
  useEffect(() => {
    if (shown.current === level) return;
    shown.current = level;
    scrollTo({ top: 0 });
    heading.current?.focus({ preventScroll: true });
  }, [level]);
  return heading;
}

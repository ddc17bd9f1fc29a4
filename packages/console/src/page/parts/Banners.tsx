/** What a reader must know before reading on: an old date, old figures, a failure. */

import type { Past, Present } from '../data/overview.ts';
import { counted, points } from '../model/format.ts';
import type { Freshness } from '../model/freshness.ts';
import { overview } from '../model/view.ts';
import { Go } from './Go.tsx';
import { usePage } from './page-context.ts';

export function StaleBanner({ freshness }: { readonly freshness: Freshness }) {
  if (freshness.state === 'live' || freshness.state === 'connecting') return null;
  return (
    <p class="banner bad stale-banner">
      <span>
        <b>{freshness.state === 'cut_off' ? 'Reconnecting.' : 'Stale.'}</b> {freshness.why} The last
        figures stay in sight.
      </span>
    </p>
  );
}

interface PastBannerProps {
  readonly present: Present | null;
  readonly past: Past | null;
}

export function PastBanner({ present, past }: PastBannerProps) {
  const { view, calendar } = usePage();
  if (view.asOf === null && !view.known) return null;
  const restated = past !== null && past.restated.asOf === present?.asOf ? past.restated : null;
  return (
    <p class="banner past">
      <span>
        {view.asOf !== null && (
          <>
            You look back at <b>{calendar.date(view.asOf)}</b>,{' '}
          </>
        )}
        {view.known ? 'as it was known then' : 'as corrected since'}
        {restated !== null && view.scope === null && (
          <>
            {': '}
            <Go to={{ ...overview(view), quality: true }}>
              restated {points(restated.answer.difference.nrr)},{' '}
              {counted(restated.answer.event_count, 'event')}
            </Go>
          </>
        )}
        .
      </span>
      <Go to={{ ...view, asOf: null, known: false }} class="button">
        Back to now
      </Go>
    </p>
  );
}

/** The figures of a view, and until they are there those of the view before, under its name. */

import { useRef } from 'preact/hooks';
import type { Status } from '../model/answers.ts';
import { type Calendar, isDay } from '../model/dates.ts';
import type { View } from '../model/view.ts';
import { askPast, askPresent, type Past, type Present } from './overview.ts';
import { type Loaded, type Refresh, useRefreshed } from './use-refreshed.ts';

export interface Figures {
  /** What they are of. */
  readonly view: View;
  readonly present: Present;
  /** Null until it is there. */
  readonly past: Past | null;
}

export interface FiguresState {
  readonly figures: Figures | null;
  /** The view's own are still asked for. */
  readonly busy: boolean;
  readonly present: Pick<Loaded<Present>, 'error' | 'retry'>;
  readonly past: Pick<Loaded<Past>, 'error' | 'retry'>;
}

/** The present is asked for at most so often; months and dates in the past change seldom. */
const PRESENT_MS = 1_500;
const PAST_MS = 15_000;

export function useFigures(
  view: View,
  status: Status,
  calendar: Calendar,
  refresh: Omit<Refresh, 'everyMs'>,
): FiguresState {
  const { window, definition, scope, asOf, known } = view;
  const question = JSON.stringify([window, definition, scope, asOf, known]);
  const newest = (): Status => refresh.live.state().heard.status ?? status;
  const there = status.as_of !== null && status.first_effective_at !== null;
  const present = useRefreshed(
    there ? question : null,
    (signal) => askPresent(view, instantToAsk(asOf, newest(), calendar), newest(), signal),
    { ...refresh, everyMs: asOf === null ? PRESENT_MS : PAST_MS },
  );
  const answer = present.key === question ? present.answer : null;
  const past = useRefreshed(
    answer === null ? null : `${question} ${calendar.month(answer.asOf)}`,
    (signal) => askPast(view, answer?.asOf ?? '', calendar, signal),
    { ...refresh, everyMs: PAST_MS },
  );
  const last = useRef<Figures | null>(null);
  if (answer !== null) {
    const itsPast = past.key?.startsWith(question) ? past.answer : null;
    last.current = { view, present: answer, past: itsPast };
  }
  return { figures: last.current, busy: there && answer === null, present, past };
}

/** A date that has not ended, or lies ahead, is shown as far as it is known: now. */
function instantToAsk(asOf: string | null, { as_of: newest }: Status, calendar: Calendar): string {
  const now = newest ?? '';
  if (asOf === null) return now;
  const ahead = isDay(asOf) ? asOf >= calendar.day(now) : Date.parse(asOf) > Date.parse(now);
  return ahead ? now : asOf;
}

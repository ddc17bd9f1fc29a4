/** How old the figures are, by the wall's clock: always in sight, never announced. */

import { useEffect, useState } from 'preact/hooks';
import { age } from '../model/format.ts';
import { type Freshness, freshnessOf, type Heard } from '../model/freshness.ts';

const COUNT_EVERY_MS = 100;
const JUDGE_EVERY_MS = 1_000;

export function useClock(everyMs: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

export const useFreshness = (heard: Heard): Freshness =>
  freshnessOf(heard, Math.max(useClock(JUDGE_EVERY_MS), heard.heardAt ?? 0));

const NAMES = {
  connecting: 'CONNECTING',
  live: 'LIVE',
  stale: 'STALE',
  cut_off: 'RECONNECTING',
} as const;

interface AgeProps {
  readonly heard: Heard;
  readonly paused: boolean;
}

export function Age({ heard, paused }: AgeProps) {
  const { state, ageSeconds } = freshnessOf(heard, useClock(COUNT_EVERY_MS));
  return (
    <span class={`age ${paused ? 'paused' : state}`}>
      <b>{paused ? 'PAUSED' : NAMES[state]}</b>{' '}
      {ageSeconds !== null && <span class="seconds">{age(ageSeconds)}</span>}
      {heard.status?.simulated && <span class="simulated"> simulated</span>}
    </span>
  );
}

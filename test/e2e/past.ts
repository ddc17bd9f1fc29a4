/**
 * A past for Prometheus, made of one scrape: as if nothing had changed since. It is what the dip
 * rules hold the present against, and what boards show of a month and a year ago.
 */

import type { Labels, Scrape } from './scrape.ts';

const MINUTE_S = 60;
const DAY_S = 86_400;
/** Sudden dips look at the day up to five minutes ago. */
const DAY_BEFORE = { from: -26 * 60 * MINUTE_S, to: -5 * MINUTE_S };
const AROUND = 10 * MINUTE_S;

/** Recorded series and what they are recorded from. */
const RECORDED = {
  'holdfast:net_revenue_retention': 'holdfast_net_revenue_retention_ratio',
  'holdfast:gross_revenue_retention': 'holdfast_gross_revenue_retention_ratio',
} as const;
const PARTS = ['holdfast_retention_opening_arr', 'holdfast_retention_closing_arr'] as const;

const line = (name: string, labels: Labels, value: number, at: number): string => {
  const text = Object.entries(labels).map(([label, said]) => `${label}="${said}"`);
  return `${name}{${text.join(',')}} ${value} ${at}`;
};

const minutes = (from: number, to: number): readonly number[] =>
  Array.from({ length: Math.floor((to - from) / MINUTE_S) }, (_, at) => from + at * MINUTE_S);

/** OpenMetrics; `now`: seconds since 1970. */
export const pastOf = (scraped: Scrape, generation: string, now: number): string => {
  const lines: string[] = [];
  for (const days of [365, 30]) {
    const about = now - days * DAY_S;
    for (const at of minutes(about - AROUND, about + AROUND)) {
      for (const part of PARTS) {
        for (const { labels, value } of scraped.series(part)) {
          lines.push(line(part, labels, value, at));
        }
      }
    }
  }
  for (const at of minutes(now + DAY_BEFORE.from, now + DAY_BEFORE.to)) {
    for (const [recorded, from] of Object.entries(RECORDED)) {
      for (const { labels, value } of scraped.series(from)) {
        if (labels.window !== 'P12M') continue;
        lines.push(line(recorded, { ...labels, generation }, value, at));
      }
    }
  }
  return `${lines.join('\n')}\n# EOF\n`;
};

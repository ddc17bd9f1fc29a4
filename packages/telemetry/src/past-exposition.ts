/**
 * Figures of the past as OpenMetrics with timestamps, for `promtool tsdb create-blocks-from
 * openmetrics`: names, labels and values of a scrape. prom-client writes no timestamps.
 */

import type { Sample } from './definition.ts';
import { RETENTION } from './retention-definitions.ts';
import { figureFamilies, labelCache } from './retention-metrics.ts';
import type { RetentionFigures } from './snapshot.ts';

export interface PastExposition {
  /** Types, before all figures. */
  readonly head: string;
  /** The samples of one instant; instants ascend. */
  at(figures: RetentionFigures): string;
  readonly end: string;
}

const escaped = (value: string): string =>
  value.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"');

/** `scraped`: what Prometheus adds to each series that it scrapes, such as job and instance. */
export const pastExposition = (currency: string, scraped: Sample['labels']): PastExposition => {
  const cache = labelCache();
  const texts = new WeakMap<object, string>();
  const textOf = (labels: Sample['labels']): string => {
    const known = texts.get(labels);
    if (known !== undefined) return known;
    const text = Object.entries({ ...labels, ...scraped })
      .map(([name, value]) => `${name}="${escaped(value)}"`)
      .join(',');
    texts.set(labels, text);
    return text;
  };
  return {
    head: Object.values(RETENTION)
      .filter(({ type }) => type === 'gauge')
      .map(({ name }) => `# TYPE ${name} gauge\n`)
      .join(''),
    at: (figures) => {
      const seconds = (figures.asOf / 1000).toFixed(3);
      const lines: string[] = [];
      for (const { definition, samples } of figureFamilies(figures, currency, cache)) {
        for (const { labels, value } of samples) {
          lines.push(`${definition.name}{${textOf(labels)}} ${value} ${seconds}\n`);
        }
      }
      return lines.join('');
    },
    end: '# EOF\n',
  };
};

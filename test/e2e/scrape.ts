/** `/metrics` as Prometheus reads it: fetched over HTTP, parsed from its text format. */

import { expect } from 'vitest';

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

export interface Scrape {
  /** All series of a metric; none where it is absent. */
  series(name: string): readonly Sample[];
  /** The one series with these labels among others; undefined where there is none. */
  value(name: string, labels?: Labels): number | undefined;
  /** All series of a metric, added up; 0 where it is absent. */
  sum(name: string): number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"(?:,|$)/gy;
const ESCAPED: Readonly<Record<string, string>> = { n: '\n' };

const labelsOf = (text: string): Labels => {
  const labels: Record<string, string> = {};
  let read = 0;
  for (const [whole, name, value] of text.matchAll(LABEL)) {
    labels[name!] = value!.replace(/\\(.)/g, (_, letter: string) => ESCAPED[letter] ?? letter);
    read += whole.length;
  }
  if (read !== text.length) throw new Error(`no labels: ${text}`);
  return labels;
};

/** Throws on a line that is none of the format's, and on a series that stands there twice. */
export const parseMetrics = (text: string): Scrape => {
  const byName = new Map<string, Sample[]>();
  const seen = new Set<string>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const found = LINE.exec(line);
    if (found === null) throw new Error(`no sample: ${line}`);
    const [, name = '', labels = '', value = ''] = found;
    const series = `${name}{${labels}}`;
    if (seen.has(series)) throw new Error(`twice: ${series}`);
    seen.add(series);
    const samples = byName.get(name) ?? [];
    samples.push({ labels: labelsOf(labels), value: Number(value) });
    byName.set(name, samples);
  }
  const series = (name: string): readonly Sample[] => byName.get(name) ?? [];
  return {
    series,
    value: (name, wanted = {}) => {
      const matching = series(name).filter(({ labels }) =>
        Object.entries(wanted).every(([label, value]) => labels[label] === value),
      );
      if (matching.length > 1) throw new Error(`${matching.length} series of ${name}`);
      return matching[0]?.value;
    },
    sum: (name) => series(name).reduce((sum, { value }) => sum + value, 0),
  };
};

export const scrape = async (url: string): Promise<Scrape> => {
  const response = await fetch(`${url}/metrics`);
  const body = await response.text();
  expect(response.status, body).toBe(200);
  return parseMetrics(body);
};

/** Events that are part of some commit, whatever became of them. */
export const eventsOf = (scraped: Scrape): number => scraped.sum('holdfast_events_total');

/** The instant of the figures, UTC ms; undefined while they are absent. */
export const asOfOf = (scraped: Scrape): number | undefined => {
  const seconds = scraped.value('holdfast_retention_as_of_timestamp_seconds');
  return seconds === undefined ? undefined : Math.round(seconds * 1000);
};

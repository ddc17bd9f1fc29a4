/** Reads a scrape back, for tests: metric names, types and series with exact values. */

export interface Scrape {
  readonly types: ReadonlyMap<string, string>;
  /** By `name{label="value",...}` as printed. */
  readonly series: ReadonlyMap<string, number>;
}

const HEADER = /^# (HELP|TYPE) (\S+) (.+)$/;
const SERIES = /^([a-z_:]+(?:\{(?:[a-z_]+="(?:[^"\\]|\\.)*",?)*\})?) (\S+)$/;

/** Throws on a line that is neither, on a series that stands twice and on a value that is no number. */
export const readScrape = (text: string): Scrape => {
  const types = new Map<string, string>();
  const series = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || line === '# EOF') continue;
    const header = HEADER.exec(line);
    if (header !== null) {
      if (header[1] === 'TYPE') types.set(header[2] ?? '', header[3] ?? '');
      continue;
    }
    const [, key = '', value = ''] = SERIES.exec(line) ?? [];
    if (key === '' || !Number.isFinite(Number(value)) || series.has(key)) {
      throw new Error(`not a series: ${line}`);
    }
    series.set(key, Number(value));
  }
  return { types, series };
};

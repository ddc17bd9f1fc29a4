/** Reads what an exporter of ours serves, for the local stack and its tests. */

/** Series as they are written, such as `holdfast_customers{dimension="all",member="all"}`. */
export type Series = ReadonlyMap<string, number>;

/** The series of an exposition in Prometheus's text format; label values of ours hold no space. */
export const seriesOf = (exposition: string): Series =>
  new Map(
    exposition
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line): [string, number] => {
        const space = line.lastIndexOf(' ');
        return [line.slice(0, space), Number(line.slice(space + 1))];
      }),
  );

/** One scrape; empty where nothing answers or nothing can be read. */
export const scrape = async (url: string): Promise<Series> => {
  try {
    const response = await fetch(`${url}/metrics`);
    return seriesOf(response.ok ? await response.text() : '');
  } catch {
    // Not up yet, or not any more: there is nothing to see.
    return new Map();
  }
};

/** The sum of a metric's series; 0 without any. */
export const sumOf = (series: Series, metric: string): number =>
  [...series]
    .filter(([name]) => name === metric || name.startsWith(`${metric}{`))
    .reduce((sum, [, value]) => sum + value, 0);

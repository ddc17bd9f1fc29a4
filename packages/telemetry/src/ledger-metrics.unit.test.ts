import { describe, expect, it } from 'vitest';
import { exposeMetrics } from './exposition.ts';
import { type LedgerPosition, ledgerMetrics } from './ledger-metrics.ts';
import { readScrape } from './scrape.fixture.ts';

const POSITION: LedgerPosition = {
  deltas: 12,
  customers: 3,
  nextSequences: [7, 5],
  asOf: 1_500,
  lagEvents: 4,
};

const scrape = async (metrics: ReturnType<typeof ledgerMetrics>) =>
  readScrape((await exposeMetrics(undefined, [metrics])).body).series;

describe('the metrics of the ledger', () => {
  it('say how far it holds the log', async () => {
    const series = await scrape(ledgerMetrics(() => POSITION));
    expect(series.get('holdfast_ledger_deltas')).toBe(12);
    expect(series.get('holdfast_ledger_customers')).toBe(3);
    expect(series.get('holdfast_ledger_next_sequence{partition="1"}')).toBe(5);
    expect(series.get('holdfast_ledger_as_of_timestamp_seconds')).toBe(1.5);
    expect(series.get('holdfast_ledger_input_lag_events')).toBe(4);
  });

  it('are absent where something is not known', async () => {
    const series = await scrape(
      ledgerMetrics(() => ({ ...POSITION, asOf: null, lagEvents: null })),
    );
    expect([...series.keys()].filter((name) => /as_of|lag/.test(name))).toEqual([]);
  });

  it('count answers by route and status', async () => {
    const metrics = ledgerMetrics(() => POSITION);
    metrics.answered('/v1/retention', 200, 0.004);
    metrics.answered('/v1/retention', 200, 0.25);
    metrics.answered('/v1/retention', 400, 0.001);
    const series = await scrape(metrics);
    const of = (what: string, more = '') =>
      series.get(
        `holdfast_ledger_request_seconds_${what}{${more}route="/v1/retention",status="200"}`,
      );
    expect([of('count'), of('sum'), of('bucket', 'le="0.1",')]).toEqual([2, 0.254, 1]);
  });
});

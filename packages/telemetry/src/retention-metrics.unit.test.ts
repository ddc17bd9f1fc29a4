import type { ArrRow, RetentionRow } from '@holdfast/domain/aggregates.ts';
import { describe, expect, it } from 'vitest';
import { exposeMetrics } from './exposition.ts';
import { labelCache, retentionMetrics } from './retention-metrics.ts';
import { readScrape, type Scrape } from './scrape.fixture.ts';
import type { MetricsSnapshot } from './snapshot.ts';

const retentionRow = (row: Partial<RetentionRow>): RetentionRow => ({
  kind: 'retention',
  window: 'P12M',
  dimension: 'all',
  member: 'all',
  openingArrMinor: 1_240_000_000,
  expansionArrMinor: 186_000_000,
  contractionArrMinor: 31_000_000,
  churnedArrMinor: 62_000_000,
  closingArrMinor: 1_333_000_000,
  openingCustomers: 1520,
  retainedCustomers: 1412,
  ...row,
});

const arrRow = (row: Partial<ArrRow>): ArrRow => ({
  kind: 'arr',
  dimension: 'all',
  member: 'all',
  arrMinor: 1_587_000_001,
  customers: 2012,
  ...row,
});

const snapshot = (change: Partial<MetricsSnapshot> = {}): MetricsSnapshot => ({
  currency: 'USD',
  generation: '2',
  figures: {
    asOf: Date.UTC(2026, 10, 22, 10, 0, 0, 250),
    rows: [
      retentionRow({}),
      retentionRow({
        dimension: 'segment',
        member: 'smb',
        openingArrMinor: 0,
        closingArrMinor: 0,
        openingCustomers: 0,
      }),
      arrRow({}),
      arrRow({ dimension: 'segment', member: 'smb' }),
    ],
    largestLossMinor: new Map([['P12M', 40_000_050]]),
    withoutAttribute: new Map([['segment', 7]]),
  },
  lastRecordAt: Date.UTC(2026, 10, 22, 9),
  lagByPartition: new Map([
    [0, 3],
    [1, 0],
  ]),
  counters: new Map([
    ['events:applied', 12],
    ['events:dead_letter', 4],
    ['dead_letters:no_rate', 2],
    ['movements:churn', 62_000_001],
    ['arr:late', 1_250],
    ['arr:corrected', 99],
  ]),
  deltasPublished: 9,
  ...change,
});

const scrape = async (of: MetricsSnapshot, accept?: string): Promise<Scrape> =>
  readScrape((await exposeMetrics(accept, [retentionMetrics(of)])).body);

const ALL = 'window="P12M",dimension="all",member="all"';
const SMB = 'window="P12M",dimension="segment",member="smb"';

describe('a scrape of retention', () => {
  it('holds the ratios and their parts exactly', async () => {
    const { series } = await scrape(snapshot());
    const expected: Record<string, number> = {
      [`holdfast_net_revenue_retention_ratio{${ALL}}`]: 1_333 / 1_240,
      [`holdfast_gross_revenue_retention_ratio{${ALL}}`]: 1_147 / 1_240,
      [`holdfast_customer_retention_ratio{${ALL}}`]: 1412 / 1520,
      [`holdfast_retention_opening_arr{${ALL},currency="USD"}`]: 12_400_000,
      [`holdfast_retention_expansion_arr{${ALL},currency="USD"}`]: 1_860_000,
      [`holdfast_retention_contraction_arr{${ALL},currency="USD"}`]: 310_000,
      [`holdfast_retention_churned_arr{${ALL},currency="USD"}`]: 620_000,
      [`holdfast_retention_closing_arr{${ALL},currency="USD"}`]: 13_330_000,
      [`holdfast_retention_opening_customers{${ALL}}`]: 1520,
      [`holdfast_retention_retained_customers{${ALL}}`]: 1412,
      'holdfast_arr{dimension="all",member="all",currency="USD"}': 15_870_000.01,
      'holdfast_customers{dimension="segment",member="smb"}': 2012,
      'holdfast_retention_largest_loss_arr{window="P12M",currency="USD"}': 400_000.5,
      holdfast_retention_as_of_timestamp_seconds: Date.UTC(2026, 10, 22, 10) / 1000 + 0.25,
      'holdfast_generation_info{generation="2"}': 1,
      holdfast_input_last_record_timestamp_seconds: Date.UTC(2026, 10, 22, 9) / 1000,
      'holdfast_customers_without_attribute{dimension="segment"}': 7,
      holdfast_dead_letter_ratio: 0.25,
      'holdfast_input_lag_events{partition="0"}': 3,
      'holdfast_input_lag_events{partition="1"}': 0,
    };
    for (const [key, value] of Object.entries(expected))
      expect([key, series.get(key)]).toEqual([key, value]);
  });

  it('has no ratio where nothing was open, but its parts', async () => {
    const { series } = await scrape(snapshot());
    const ofSmb = [...series.keys()].filter((key) => key.includes(SMB));
    expect(ofSmb.filter((key) => key.includes('_ratio'))).toEqual([]);
    expect(series.get(`holdfast_retention_opening_arr{${SMB},currency="USD"}`)).toBe(0);
  });

  it('has no retention and no ARR at all while the figures are unknown, but everything else', async () => {
    const { series, types } = await scrape(snapshot({ figures: null, lastRecordAt: null }));
    expect([...types.keys()]).toEqual([
      'holdfast_generation_info',
      'holdfast_input_lag_events',
      'holdfast_arr_movement_total',
      'holdfast_arr_late_total',
      'holdfast_arr_corrected_total',
      'holdfast_events_total',
      'holdfast_dead_letters_total',
      'holdfast_dead_letter_ratio',
      'holdfast_deltas_published_total',
    ]);
    expect(series.get('holdfast_events_total{result="applied"}')).toBe(12);
  });

  it('drops the series of members that are gone', async () => {
    await scrape(snapshot());
    const { series } = await scrape(
      snapshot({
        figures: {
          asOf: 0,
          rows: [retentionRow({})],
          largestLossMinor: new Map(),
          withoutAttribute: new Map(),
        },
      }),
    );
    expect([...series.keys()].filter((key) => key.includes('smb'))).toEqual([]);
    expect([...series.keys()].filter((key) => key.includes('largest_loss'))).toEqual([]);
  });

  it.each([
    ['JPY', 1_587_000_001],
    ['USD', 15_870_000.01],
    ['KWD', 1_587_000.001],
    ['CLF', 158_700.0001],
  ])('shows money in units of %s', async (currency, major) => {
    const { series } = await scrape(snapshot({ currency }));
    expect(series.get(`holdfast_arr{dimension="all",member="all",currency="${currency}"}`)).toBe(
      major,
    );
  });

  it('prints money as the decimal that it is', async () => {
    const figures = {
      asOf: 0,
      rows: [arrRow({ arrMinor: 110 })],
      largestLossMinor: new Map(),
      withoutAttribute: new Map(),
    };
    const { body } = await exposeMetrics(undefined, [retentionMetrics(snapshot({ figures }))]);
    expect(body).toContain('holdfast_arr{dimension="all",member="all",currency="USD"} 1.1\n');
  });

  it('is the same with labels of an earlier scrape, whatever came and went', async () => {
    const cache = labelCache();
    const { figures } = snapshot();
    const other = { ...figures!, rows: [arrRow({ member: 'new' }), ...figures!.rows.slice(0, 3)] };
    for (const change of [{}, { figures: other }, { currency: 'JPY' }, {}]) {
      const of = snapshot(change);
      const cached = await exposeMetrics(undefined, [retentionMetrics(of, cache)]);
      expect(cached).toEqual(await exposeMetrics(undefined, [retentionMetrics(of)]));
    }
  });

  it('escapes what a member may hold', async () => {
    const member = 'a"b\\c\nd,window="P1M"} 1';
    const figures = {
      asOf: 0,
      rows: [arrRow({ member }), arrRow({ member: '__proto__' })],
      largestLossMinor: new Map(),
      withoutAttribute: new Map(),
    };
    const { series } = await scrape(snapshot({ figures }));
    const escaped = 'a\\"b\\\\c\\nd,window=\\"P1M\\"} 1';
    expect([...series.keys()].filter((key) => key.startsWith('holdfast_customers'))).toEqual([
      `holdfast_customers{dimension="all",member="${escaped}"}`,
      'holdfast_customers{dimension="all",member="__proto__"}',
    ]);
  });

  it('has every known series of a counter from the start', async () => {
    const { series } = await scrape(snapshot({ counters: new Map(), deltasPublished: 0 }));
    const counters = [...series].filter(([key]) => key.includes('_total'));
    expect(counters.map(([key]) => key)).toEqual([
      ...['new', 'expansion', 'contraction', 'churn', 'reactivation'].map(
        (kind) => `holdfast_arr_movement_total{movement="${kind}",currency="USD"}`,
      ),
      'holdfast_arr_late_total{currency="USD"}',
      'holdfast_arr_corrected_total{currency="USD"}',
      ...['applied', 'duplicate', 'overruled', 'version_tie', 'too_late', 'dead_letter'].map(
        (result) => `holdfast_events_total{result="${result}"}`,
      ),
      ...'malformed bad_id key_mismatch bad_number bad_instant bad_schedule unknown_symbol unknown_currency no_rate'
        .split(' ')
        .map((reason) => `holdfast_dead_letters_total{reason="${reason}"}`),
      'holdfast_deltas_published_total',
    ]);
    expect(new Set(counters.map(([, value]) => value))).toEqual(new Set([0]));
  });

  it('shows totals of the store as they are', async () => {
    const { series } = await scrape(snapshot());
    expect(series.get('holdfast_arr_movement_total{movement="churn",currency="USD"}')).toBe(
      620_000.01,
    );
    expect(series.get('holdfast_arr_late_total{currency="USD"}')).toBe(12.5);
    expect(series.get('holdfast_arr_corrected_total{currency="USD"}')).toBe(0.99);
    expect(series.get('holdfast_dead_letters_total{reason="no_rate"}')).toBe(2);
    expect(series.get('holdfast_deltas_published_total')).toBe(9);
  });

  it('says which definition retention has', async () => {
    const { body } = await exposeMetrics(undefined, [retentionMetrics(snapshot())]);
    const helps = body
      .split('\n')
      .filter((line) => /^# HELP \w*(retention_(?!as_of)|retention_ratio)/.test(line));
    expect(helps).toHaveLength(11);
    for (const help of helps) expect(help).toContain('point_to_point');
  });
});

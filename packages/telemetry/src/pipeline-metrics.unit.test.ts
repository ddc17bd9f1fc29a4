import { describe, expect, it } from 'vitest';
import { exposeMetrics } from './exposition.ts';
import { pipelineMetrics } from './pipeline-metrics.ts';
import { readScrape } from './scrape.fixture.ts';

const scrape = async (metrics: ReturnType<typeof pipelineMetrics>) =>
  readScrape((await exposeMetrics(undefined, [metrics])).body).series;

const seconds = { read: 0.002, fold: 0.02, commit: 0.2 };

describe('the metrics of a processor', () => {
  it('count batches, their records and the time of each stage', async () => {
    const metrics = pipelineMetrics();
    metrics.committed(0, {}, 400, seconds);
    metrics.committed(1, {}, 0, seconds);
    metrics.publishTook(0.03);
    const series = await scrape(metrics);
    expect(series.get('holdfast_batch_records_sum')).toBe(400);
    expect(series.get('holdfast_batch_records_bucket{le="0"}')).toBe(1);
    expect(series.get('holdfast_batch_records_bucket{le="500"}')).toBe(2);
    expect(series.get('holdfast_batch_seconds_sum{stage="commit"}')).toBe(0.4);
    expect(series.get('holdfast_batch_seconds_count{stage="fold"}')).toBe(2);
    expect(series.get('holdfast_batch_seconds_bucket{le="0.05",stage="publish"}')).toBe(1);
  });

  it('measure every record from its timestamp to its commit, at least 0', async () => {
    const metrics = pipelineMetrics();
    for (const after of [0.004, 0.3, -5]) metrics.eventCommitted(after);
    const series = await scrape(metrics);
    expect(series.get('holdfast_event_to_commit_seconds_count')).toBe(3);
    expect(series.get('holdfast_event_to_commit_seconds_sum')).toBe(0.304);
    expect(series.get('holdfast_event_to_commit_seconds_bucket{le="0.001"}')).toBe(1);
  });

  it('count partitions owned and blocked, and those lost to another owner', async () => {
    const metrics = pipelineMetrics();
    const gauges = async () => {
      const series = await scrape(metrics);
      return ['partitions_owned', 'partitions_blocked', 'fenced_total'].map((name) =>
        series.get(`holdfast_${name}`),
      );
    };
    expect(await gauges()).toEqual([0, 0, 0]);
    for (const partition of [0, 1, 2]) metrics.claimed(partition);
    metrics.blocked(1, new Error('no Redis'));
    metrics.blocked(1, new Error('no Redis'));
    expect(await gauges()).toEqual([3, 1, 0]);
    metrics.committed(1, {}, 1, seconds);
    expect(await gauges()).toEqual([3, 1, 0]);
    metrics.blocked(1, null);
    metrics.blocked(2, new Error('no Redis'));
    metrics.ended(2, 'fenced');
    metrics.ended(0, 'revoked');
    expect(await gauges()).toEqual([1, 0, 1]);
  });
});

import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { exposeMetrics } from './exposition.ts';
import { pipelineMetrics } from './pipeline-metrics.ts';
import { retentionMetrics } from './retention-metrics.ts';
import { readScrape } from './scrape.fixture.ts';

const empty = retentionMetrics({
  currency: 'USD',
  generation: '1',
  figures: null,
  lastRecordAt: null,
  lagByPartition: new Map([[0, 1]]),
  counters: new Map(),
  deltasPublished: 3,
});

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
const OPEN = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

describe('the format of a scrape', () => {
  it.each([
    [undefined, TEXT],
    ['', TEXT],
    ['*/*', TEXT],
    ['text/plain', TEXT],
    ['application/openmetrics-text', OPEN],
    ['application/openmetrics-text; version=1.0.0; charset=utf-8', OPEN],
    ['application/openmetrics-text;version=0.0.1', TEXT],
    ['application/openmetrics-text;version=1.0.0;q=0', TEXT],
    ['application/openmetrics-text;q=0.1,text/plain;q=0.9', TEXT],
    // What Prometheus 3 sends.
    [
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      OPEN,
    ],
  ])('for Accept %s is %s', async (accept, contentType) => {
    expect((await exposeMetrics(accept, [empty])).contentType).toBe(contentType);
  });

  it('names counters rightly in both, in whatever order they are asked for', async () => {
    const pipeline = pipelineMetrics();
    const sources = [empty, pipeline];
    const texts = [];
    for (const accept of ['text/plain', OPEN, 'text/plain', OPEN]) {
      texts.push((await exposeMetrics(accept, sources)).body);
    }
    const [text = '', open = ''] = texts;
    expect(texts).toEqual([text, open, text, open]);
    expect(text).toContain('# TYPE holdfast_fenced_total counter\nholdfast_fenced_total 0\n');
    expect(open).toContain('# TYPE holdfast_fenced counter\nholdfast_fenced_total 0\n');
    expect(open.endsWith('\n# EOF\n')).toBe(true);
    expect(readScrape(open).series).toEqual(readScrape(text).series);
  });

  it('refuses two sources that name the same metric', async () => {
    await expect(exposeMetrics(undefined, [empty, empty])).rejects.toThrow(
      'already been registered',
    );
  });

  const promtool = spawnSync('promtool', ['--version']).status === 0;
  it.skipIf(!promtool)('has nothing for promtool to find fault with', async () => {
    const { body } = await exposeMetrics(undefined, [empty, pipelineMetrics()]);
    const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: body,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });
});

/** Boards and scrapes name metrics by hand; these tests say when one of them names none of ours. */

import { readdirSync, readFileSync } from 'node:fs';
import { PIPELINE } from '@holdfast/telemetry/pipeline-metrics.ts';
import { RETENTION } from '@holdfast/telemetry/retention-definitions.ts';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { PORTS } from '../stack/settings.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly expr: string }[];
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
}

interface Board {
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly query: { readonly query: string } }[] };
}

const boards = readdirSync(new URL('boards/', import.meta.url)).map(
  (name) => JSON.parse(read(`boards/${name}`)) as Board,
);
const METRICS: readonly string[] = [
  ...Object.values(RETENTION),
  ...Object.values(PIPELINE),
].flatMap(({ name, type }) =>
  type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : name,
);

describe.each(boards)('board $title', ({ panels, templating }) => {
  const shown = panels.filter(({ type }) => type !== 'row');
  const queries = [
    ...shown.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    ...templating.list.map(({ query }) => query.query),
  ];

  it('asks for nothing but metrics that we have', () => {
    const named = queries.flatMap((query) => query.match(/holdfast_\w+/g) ?? []);
    expect(named.filter((name) => !METRICS.includes(name))).toEqual([]);
    expect(named.length).toBeGreaterThanOrEqual(queries.length);
  });

  it('has a unit on every panel and reads the data source that is provisioned', () => {
    const { datasources } = parse(read('provisioning/datasources/prometheus.yml')) as {
      datasources: { uid: string }[];
    };
    for (const { title, fieldConfig, datasource } of shown) {
      expect(fieldConfig?.defaults.unit, title).toBeTypeOf('string');
      expect(datasource?.uid, title).toBe(datasources[0]?.uid);
    }
  });

  it('never averages a ratio', () => {
    expect(queries.filter((query) => /avg[^a-z].*_ratio/.test(query))).toEqual([]);
  });

  it('has no two panels in one place', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)}/${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...panels.map(({ gridPos: { x, w } }) => x + w))).toBeLessThanOrEqual(24);
  });
});

describe('prometheus.yml', () => {
  it('scrapes every service that serves metrics, where docker-compose.yml has it', () => {
    const config = parse(read('../prometheus/prometheus.yml')) as {
      scrape_configs: { static_configs: { targets: string[] }[] }[];
    };
    const targets = config.scrape_configs.flatMap(({ static_configs }) =>
      static_configs.flatMap((each) => each.targets),
    );
    const wanted = Object.entries(PORTS).map(([service, port]) => `${service}:${port}`);
    expect(targets.toSorted()).toEqual(wanted.toSorted());
  });
});

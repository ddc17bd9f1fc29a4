/** Boards are made by code; these tests say when a file is not, and when one asks for what is not there. */

import { readdirSync, readFileSync } from 'node:fs';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { unknownIn } from '../prometheus/known-metrics.ts';
import { ruleFiles, rulesIn } from '../prometheus/rules.ts';
import { PORTS } from '../stack/settings.ts';
import { BOARDS } from './board/links.ts';
import { TARGETS } from './board/look.ts';
import { asText, boards } from './boards.ts';
import { choicesOf, questionsOf } from './questions.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

describe.each(Object.entries(boards()))('board %s', (file, board) => {
  const panels = (board.panels ?? []) as Panel[];
  const shown = panels.filter(({ type }) => type !== 'row');
  const questions = questionsOf(board, '1m');

  /** A failure here is mended by `node deploy/grafana/main.ts`. */
  it('is in its file as the code makes it', () => {
    expect(read(`boards/${file}`)).toBe(asText(board));
  });

  it('asks for nothing but metrics and labels that we have', () => {
    expect(questions.length).toBeGreaterThan(shown.length);
    for (const { title, expr } of questions) expect(unknownIn(expr), title).toEqual([]);
    for (const { selector, label } of choicesOf(board)) {
      const asked = selector.replace('$dimension', 'segment');
      expect(unknownIn(`count by (${label}) (${asked})`)).toEqual([]);
    }
  });

  it('says on every panel what it shows, in which unit, from the data source that is provisioned', () => {
    const { datasources } = parse(read('provisioning/datasources/prometheus.yml')) as {
      datasources: { uid: string }[];
    };
    for (const { title, description, fieldConfig, datasource } of shown) {
      expect(description, title).toMatch(/\S/);
      expect(fieldConfig?.defaults.unit, title).toMatch(/\S/);
      expect(datasource?.uid, title).toBe(datasources[0]?.uid);
    }
  });

  it('never averages', () => {
    expect(questions.filter(({ expr }) => /\bavg\b|avg_over_time/.test(expr))).toEqual([]);
  });

  it('names what Prometheus estimates "about"', () => {
    for (const { title, targets = [] } of shown) {
      const estimates = JSON.stringify(targets).includes('increase(holdfast_arr_movement_total');
      if (estimates) expect(title).toContain('about');
    }
  });

  it('keeps time and variables on the way to the other boards, and leads to the console', () => {
    const [others, console] = board.links ?? [];
    expect(others).toMatchObject({ type: 'dashboards', keepTime: true, includeVars: true });
    expect(console?.url).toBe(`$console/?window=$window&as_of=\${__to:date:iso}`);
    const charts = shown.filter(({ type }) => type === 'timeseries');
    for (const { title, fieldConfig } of charts) {
      expect(JSON.stringify(fieldConfig?.defaults.links), title).toContain('as_of=${__value.time');
    }
  });

  it('shows alerts on its charts', () => {
    expect(board.annotations.list?.map(({ name, enable }) => [name, enable])).toEqual([
      ['Alerts', true],
    ]);
  });

  it('has no two panels in one place', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } = { x: 0, y: 0, w: 0, h: 0 } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)}/${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...panels.map(({ gridPos }) => (gridPos?.x ?? 0) + (gridPos?.w ?? 0)))).toBe(
      24,
    );
  });
});

describe('boards', () => {
  it('are those that there are files of, with the names that links use', () => {
    const made = boards();
    expect(readdirSync(new URL('boards/', import.meta.url)).toSorted()).toEqual(
      Object.keys(made).toSorted(),
    );
    expect(Object.values(made).map(({ uid }) => uid)).toEqual(Object.values(BOARDS));
  });

  it('colour by the targets that alerts go by', () => {
    const rules = Object.values(ruleFiles()).flatMap(rulesIn);
    const target = (of: string) => rules.find(({ record }) => record === `holdfast:${of}:target`);
    expect(target('net_revenue_retention')?.expr).toBe(`vector(${TARGETS.nrr.toFixed(2)})`);
    expect(target('gross_revenue_retention')?.expr).toBe(`vector(${TARGETS.grr.toFixed(2)})`);
  });

  it('show money in the currency of the policy that they are provisioned with', () => {
    const { reporting_currency: currency } = parse(read('../policy.yaml')) as {
      reporting_currency: string;
    };
    const units = JSON.stringify(boards()).match(/currency[A-Z]{3}/g) ?? [];
    expect(new Set(units)).toEqual(new Set([`currency${currency}`]));
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

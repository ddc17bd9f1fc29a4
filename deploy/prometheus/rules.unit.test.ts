/**
 * Rules, their tests and their runbooks belong together: whatever an alert is made of is there. The
 * tests of the rules themselves are `tests/*.yml`, run by promtool.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { missingOf } from '@holdfast/testkit/launchers/programs.ts';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { unknownIn } from './known-metrics.ts';
import { ruleFiles, rulesIn } from './rules.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = new URL('../../', import.meta.url);
const RUNBOOK = ['What it means', 'Impact', 'First look', 'Causes', 'Action'];

interface RuleTest {
  readonly name: string;
  readonly alert_rule_test?: readonly {
    readonly alertname: string;
    readonly exp_alerts?: readonly unknown[];
  }[];
}

const rules = Object.values(ruleFiles()).flatMap(rulesIn);
const alerts = rules.flatMap(({ alert, ...rule }) =>
  alert === undefined ? [] : { ...rule, alert },
);
const names = [...new Set(alerts.map(({ alert }) => alert))];
const testFiles = readdirSync(`${HERE}tests`);
const tests = testFiles.flatMap(
  (file) => (parse(readFileSync(`${HERE}tests/${file}`, 'utf8')) as { tests: RuleTest[] }).tests,
);

/** Names of the tests in which the alert is said to fire, or to be silent. */
const testsOf = (alert: string, fires: boolean): readonly string[] =>
  tests
    .filter(({ alert_rule_test: asked = [] }) =>
      asked.some(
        ({ alertname, exp_alerts = [] }) => alertname === alert && exp_alerts.length > 0 === fires,
      ),
    )
    .map(({ name }) => name);

describe('rules', () => {
  it.each(rules)(
    'read nothing but metrics and labels that there are: $record$alert',
    ({ expr }) => {
      expect(unknownIn(expr)).toEqual([]);
    },
  );

  it.each(alerts)('say what is wrong, to whom, and what to do: $alert', (alert) => {
    const { labels = {}, annotations = {} } = alert;
    expect(Object.keys(labels)).toEqual(['severity', 'team']);
    expect(['critical', 'warning', 'info']).toContain(labels.severity);
    expect(['revenue', 'platform']).toContain(labels.team);
    expect(Object.keys(annotations)).toEqual(['summary', 'description', 'runbook_url']);
    expect(annotations.summary).not.toContain('{{');
    for (const query of annotations.description?.matchAll(/query "((?:[^"\\]|\\.)*)"/g) ?? []) {
      expect(unknownIn(query[1]?.replaceAll('\\"', '"') ?? '')).toEqual([]);
    }
    const runbook = readFileSync(new URL(annotations.runbook_url ?? '', ROOT), 'utf8');
    expect(runbook).toContain(`Alert \`${alert.alert}\``);
    const headings = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(RUNBOOK);
  });

  it.each(names)('are tested both ways: %s', (alert) => {
    expect(testsOf(alert, true)).not.toEqual([]);
    expect(testsOf(alert, false)).not.toEqual([]);
  });

  const revenue = names.filter((name) =>
    alerts.some(({ alert, labels }) => alert === name && labels?.team === 'revenue'),
  );
  it.each(revenue)('speak of revenue only where figures can be trusted: %s', (alert) => {
    const silent = testsOf(alert, false).join('; ');
    for (const about of ['stale data', 'small base', 'restart', 'new generation']) {
      expect(silent, about).toContain(about);
    }
  });

  it('have a runbook for each alert and no other', () => {
    const pages = readdirSync(new URL('docs/runbooks/', ROOT)).map(
      (page) => `docs/runbooks/${page}`,
    );
    const linked = new Set(alerts.map(({ annotations }) => annotations?.runbook_url));
    expect(pages.toSorted()).toEqual([...linked].toSorted());
  });

  it('runbooks link to what is there', () => {
    for (const page of readdirSync(new URL('docs/runbooks/', ROOT))) {
      const url = new URL(`docs/runbooks/${page}`, ROOT);
      for (const [, link = ''] of readFileSync(url, 'utf8').matchAll(/\]\(([^)#]+)/g)) {
        expect(existsSync(new URL(link, url)), `${page}: ${link}`).toBe(true);
      }
    }
  });
});

describe('promtool', async () => {
  const missing = await missingOf(['promtool']);
  const promtool = (...args: string[]) =>
    spawnSync('promtool', args, { cwd: HERE, encoding: 'utf8' });

  it('accepts the rules', ({ skip }) => {
    if (missing !== null) skip(`there is no ${missing}`);
    const { status, stderr } = promtool(
      'check',
      'rules',
      ...Object.keys(ruleFiles()).map((name) => `rules/${name}`),
    );
    expect([status, stderr]).toEqual([0, '']);
  });

  it('accepts the configuration', ({ skip }) => {
    if (missing !== null) skip(`there is no ${missing}`);
    const { status, stderr } = promtool('check', 'config', 'prometheus.yml');
    expect([status, stderr]).toEqual([0, '']);
  });

  it.for(testFiles)('has nothing to say against tests/%s', (file, { skip }) => {
    if (missing !== null) skip(`there is no ${missing}`);
    const { status, stdout, stderr } = promtool('test', 'rules', `tests/${file}`);
    expect(status, `${stdout}${stderr}`).toBe(0);
  });
});

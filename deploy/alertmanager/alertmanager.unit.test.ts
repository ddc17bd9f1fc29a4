/** Who gets which alert, asked of amtool: for every alert that the rules can raise. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { missingOf } from '@holdfast/testkit/launchers/programs.ts';
import { describe, expect, it } from 'vitest';
import { ruleFiles, rulesIn } from '../prometheus/rules.ts';

const CONFIG = fileURLToPath(new URL('alertmanager.yml', import.meta.url));
const RECEIVERS = {
  'platform/critical': 'platform-pager',
  'platform/warning': 'platform',
  'revenue/critical': 'revenue-now',
  'revenue/warning': 'revenue-daily',
} as const;

const raised = Object.values(ruleFiles())
  .flatMap(rulesIn)
  .flatMap(({ alert, labels }) => (alert === undefined ? [] : [{ alert, ...labels }]));

const amtool = (...args: string[]) => spawnSync('amtool', args, { encoding: 'utf8' });

describe('alertmanager.yml', async () => {
  const missing = await missingOf(['amtool']);

  it('is a configuration', ({ skip }) => {
    if (missing !== null) skip(`there is no ${missing}`);
    const { status, stderr } = amtool('check-config', CONFIG);
    expect(status, stderr).toBe(0);
  });

  it.for(raised)('sends $alert ($severity) to the one it concerns', (labels, { skip }) => {
    if (missing !== null) skip(`there is no ${missing}`);
    const { alert: alertname, ...rest } = labels as Record<string, string>;
    const wanted = RECEIVERS[`${rest.team}/${rest.severity}` as keyof typeof RECEIVERS];
    const given = Object.entries({ alertname, ...rest }).map(([name, value]) => `${name}=${value}`);
    const { status, stdout } = amtool(
      ...['config', 'routes', 'test', `--config.file=${CONFIG}`],
      ...[`--verify.receivers=${wanted}`, ...given],
    );
    expect([status, stdout.trim()]).toEqual([0, wanted]);
  });
});

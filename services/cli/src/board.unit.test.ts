/** The board report of a period: figures that agree with the other reports, and text that stays text. */

import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { call, folder, jsonLines, subscribed } from './testing.ts';

const example = (name: string): string =>
  fileURLToPath(new URL(`../../../docs/examples/${name}`, import.meta.url));
const PERIOD = ['--from', '2026-01-01', '--to', '2026-07-01'];
const EXAMPLE = [
  '--events',
  example('events.jsonl'),
  '--policy',
  example('policy.yaml'),
  ...PERIOD,
];

const files = folder();
afterAll(() => files.remove());

describe('holdfast report --format', () => {
  it('has the year that report has, the period, and who moved it', async () => {
    const { exit, out } = await call(['report', ...EXAMPLE, '--format', 'md']);
    expect(exit).toBe(0);
    expect(out).toContain('# Net revenue retention 2026-01-01 to 2026-06-30, USD');
    expect(out).toContain('| period | 90.1% | 84.8% | 83.3% | 340,176 | 306,476 |');
    expect(out).toContain('| year to 2026-06-30 | 98.9% | 83.5% | 83.3% | 341,388 | 337,688 |');
    expect(out).toContain('| Fjord Logistics | -39,600 | -11.6 | cancellation | e-12 |');
  });

  it('shows what was known then beside what is known now', async () => {
    const late = subscribed('late', '2026-03-01T00:00:00Z', 0, {
      recorded_at: '2026-09-01T00:00:00Z',
    });
    const joined = ['stays', 'late'].map((name) => subscribed(name, '2025-01-01T00:00:00Z', 1_000));
    const events = files.write('late.jsonl', jsonLines([...joined, late]));
    const { out } = await call(['report', '--events', events, ...PERIOD, '--format', 'csv']);
    expect(out).toContain(
      '"As known then, as corrected since","period","100.0%","50.0%","-50.0"\r\n',
    );
    expect(out).toContain('"Data quality","ARR known a day or more late","10"\r\n');
  });

  it('is one page of HTML without a word to any network, whatever names hold', async () => {
    const hostile = '=1+1</td><script>alert(1)</script>|*x*';
    const events = files.write(
      'hostile.jsonl',
      jsonLines([
        subscribed(hostile, '2025-01-01T00:00:00Z', 1_000),
        subscribed(hostile, '2026-03-01T00:00:00Z', 500),
      ]),
    );
    const as = async (format: string): Promise<string> =>
      (await call(['report', '--events', events, ...PERIOD, '--format', format])).out;
    const page = await as('html');
    expect(page).toContain('=1+1&lt;/td&gt;&lt;script&gt;');
    expect(page).toContain('<svg role="img"');
    expect(page).not.toMatch(/<script|https?:|NaN|undefined/);
    expect(await as('md')).toContain('=1+1&lt;/td&gt;');
    expect(await as('md')).toContain('\\|\\*x\\*');
    expect(await as('csv')).toContain(`"'=1+1</td><script>`);
  });

  it('says what a call lacks', async () => {
    const events = ['report', '--events', example('events.jsonl')];
    expect((await call([...events, '--format', 'pdf', ...PERIOD])).err).toContain(
      'want html, md, csv',
    );
    expect((await call([...events, '--format', 'md'])).err).toContain('--from is missing');
    expect((await call([...events, '--window', 'P12M'])).err).toContain('--as-of is missing');
  });
});

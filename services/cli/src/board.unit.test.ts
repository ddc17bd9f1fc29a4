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

  it('leads from opening to closing in money and in shares of the opening, over what was kept', async () => {
    const { out } = await call(['report', ...EXAMPLE, '--format', 'md']);
    const [, table = ''] = out.split('## From opening to closing\n');
    expect(table.split('\n\n')[0]?.split('\n').slice(2)).toEqual([
      '| opening | 340,176 | 100.0% | 341,388 | 100.0% |',
      '| churn | -39,600 | -11.6 | -39,600 | -11.6 |',
      '| contraction | -12,000 | -3.5 | -16,800 | -4.9 |',
      '| kept (GRR) | 288,576 | 84.8% | 284,988 | 83.5% |',
      '| expansion | +17,900 | +5.3 | +52,700 | +15.4 |',
      '| closing (NRR) | 306,476 | 90.1% | 337,688 | 98.9% |',
    ]);
  });

  it('draws the parts from zero with a line at GRR; where all are small, the change alone', async () => {
    const page = await call(['report', ...EXAMPLE, '--format', 'html']);
    const labels = (svg: string): readonly string[] =>
      [...svg.matchAll(/<text[^>]*>([^<]*)/g)].map(([, text = '']) => text);
    expect(labels(page.out)).toEqual([
      'GRR 84.8%',
      ...['340,176', '100.0%', 'Opening'],
      ...['-39,600', '-11.6pt', 'Churn'],
      ...['-12,000', '-3.5pt', 'Contraction'],
      ...['+17,900', '+5.3pt', 'Expansion'],
      ...['306,476', 'NRR 90.1%', 'Closing'],
    ]);
    const joined = ['a', 'b'].map((name) => subscribed(name, '2025-01-01T00:00:00Z', 100_000));
    const less = subscribed('a', '2026-03-01T00:00:00Z', 99_000);
    const events = files.write('small.jsonl', jsonLines([...joined, less]));
    const small = await call(['report', '--events', events, ...PERIOD, '--format', 'html']);
    expect(labels(small.out)).toEqual([
      ...['0', '0.0pt', 'Churn'],
      ...['-10', '-0.5pt', 'Contraction'],
      ...['0', '0.0pt', 'Expansion'],
      ...['-10', '-0.5pt', 'Change'],
    ]);
  });

  it('shows what was known then beside what is known now', async () => {
    const late = subscribed('late', '2026-03-01T00:00:00Z', 0, {
      recorded_at: '2026-09-01T00:00:00Z',
    });
    const joined = ['stays', 'late'].map((name) => subscribed(name, '2025-01-01T00:00:00Z', 1_000));
    const events = files.write('late.jsonl', jsonLines([...joined, late]));
    const { out } = await call(['report', '--events', events, ...PERIOD, '--format', 'csv']);
    expect(out).toContain(
      '"As known then, as corrected since","period","100.0%","50.0%","-50.0","100.0%","50.0%","-50.0"\r\n',
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

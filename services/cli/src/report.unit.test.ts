/** What report, movements and explain say of files, beyond the worked cases. */

import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { call, folder, jsonLines, subscribed, TEST_NOW } from './testing.ts';

const files = folder();
afterAll(() => files.remove());

const write = (records: readonly object[]): string =>
  files.write('events.jsonl', jsonLines(records));

const EXAMPLE = ['events.jsonl', 'policy.yaml'].map((name) =>
  fileURLToPath(new URL(`../../../docs/examples/${name}`, import.meta.url)),
) as [string, string];
const ON_EXAMPLE = ['--events', EXAMPLE[0], '--policy', EXAMPLE[1]];

describe('lines that are bad', () => {
  const events = () =>
    files.write(
      'some-bad.jsonl',
      `${jsonLines([subscribed('a', '2025-01-01T00:00:00Z', 1200)])}no JSON\n\n${jsonLines([
        subscribed('b', '2025-01-01T00:00:00Z', -1),
        subscribed('c', '2025-01-01T00:00:00Z', 300),
        // A day and a millisecond after now.
        subscribed('d', '2026-11-23T12:00:00.001Z', 300),
      ])}`,
    );
  const asked = ['--as-of', '2025-06-30', '--window', 'P1M'];

  it('are left out, counted on standard error, and end a strict call with 1', async () => {
    const path = events();
    const report = ['report', '--events', path, ...asked, '--json'];
    const lenient = await call(report);
    expect(lenient.exit).toBe(0);
    expect(lenient.err).toBe(`3 of 5 lines left out as bad; see holdfast check --events ${path}\n`);
    expect(JSON.parse(lenient.out).rows[0]).toMatchObject({ arr_minor: 1500, customers: 2 });
    expect(await call([...report, '--strict'])).toEqual({ ...lenient, exit: 1 });
  });

  it('are named by check with number, reason and message', async () => {
    const { exit, out, err } = await call(['check', '--events', events()]);
    expect(exit).toBe(1);
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
    expect(lines.map(([number, reason]) => [number, reason])).toEqual([
      ['2', 'malformed'],
      ['4', 'bad_number'],
      ['6', 'bad_instant'],
    ]);
    expect(lines[1]?.[2]).toContain('items[0].amount_minor -1');
    expect(err).toBe('3 of 5 lines would be dead-lettered\n');
  });

  it('are each one line of three fields, whatever they hold', async () => {
    const nasty = { type: 'a\tb\nc\u001b[31m\u2028d' };
    const path = files.write('nasty.jsonl', `${jsonLines([nasty])}{"a":\t"\u001b[2J"\n\xff\n`);
    const { out } = await call(['check', '--events', path]);
    for (const line of out.trimEnd().split('\n')) expect(line.split('\t')).toHaveLength(3);
    expect(out).not.toMatch(/[^\P{C}\n\t]|\u2028/u);
    expect(out.trimEnd().split('\n')).toHaveLength(3);
  });

  it('include one that is not UTF-8', async () => {
    const text = jsonLines([subscribed('a', '2025-01-01T00:00:00Z', 1200)]);
    const bytes = Buffer.from(text.replace('core', 'c\u00ff'), 'latin1');
    const { out } = await call(['check', '--events', files.write('latin1.jsonl', bytes)]);
    expect(out).toContain('1\tmalformed\tthe value is not UTF-8');
  });

  it('that repeat a version with other content are said to be ignored', async () => {
    const first = subscribed('a', '2025-01-01T00:00:00Z', 1200);
    const path = write([first, subscribed('a', '2025-01-01T00:00:00Z', 1300)]);
    const { exit, err } = await call(['report', '--events', path, ...asked]);
    expect({ exit, err }).toEqual({
      exit: 0,
      err: '1 of 2 lines repeat a version with other content; the first holds\n',
    });
  });
});

describe('known at', () => {
  const reportAt = async (records: readonly object[], known: string) => {
    const asked = ['--as-of', '2026-03-01', '--window', 'P1M', '--known-at', known, '--json'];
    const { out } = await call(['report', '--events', write(records), ...asked]);
    return JSON.parse(out);
  };
  const late = { recorded_at: '2026-02-10T00:00:00Z' };
  const records = [
    subscribed('a', '2026-01-01T00:00:00Z', 100),
    subscribed('a', '2026-01-20T00:00:00Z', 300, late),
    // Written before, delivered after: it became known with the one before it.
    subscribed('a', '2026-01-10T00:00:00Z', 200, { version: 1e15 }),
    subscribed('b', '2026-01-10T00:00:00Z', 50),
  ];

  it('takes what was known then, in the order of arrival of each customer', async () => {
    expect((await reportAt(records, '2026-02-09')).rows[0]).toMatchObject({ arr_minor: 150 });
    expect((await reportAt(records, '2026-02-10T00:00:00Z')).rows[0]).toMatchObject({
      arr_minor: 250,
    });
  });

  it('marks what lies after it as a forecast', async () => {
    const forecast = await reportAt(records, '2026-02-09');
    expect(Object.entries(forecast).slice(0, 2)).toEqual([
      ['as_of', '2026-03-01T23:59:59.999Z'],
      ['forecast', true],
    ]);
    expect(await reportAt(records, '2026-03-01')).not.toHaveProperty('forecast');
  });

  it('is the present where it is not given', async () => {
    const ask = async (asOf: number): Promise<object> => {
      const asked = ['--as-of', new Date(asOf).toISOString(), '--window', 'P1M', '--json'];
      return JSON.parse((await call(['report', '--events', write(records), ...asked])).out);
    };
    expect(await ask(TEST_NOW)).not.toHaveProperty('forecast');
    expect(await ask(TEST_NOW + 1)).toHaveProperty('forecast', true);
  });
});

describe('explain', () => {
  it.each([
    ['point_to_point', []],
    ['point_to_point', ['--by', 'segment']],
    ['point_to_point', ['--by', 'region']],
    ['no_returners', []],
    ['path', ['--by', 'segment']],
    ['flow', []],
  ])('has rows that add up to the report exactly: %s %j', async (definition, by) => {
    const asked = [...ON_EXAMPLE, '--as-of', '2026-06-30', '--window', 'P12M', ...by];
    const rows = async (command: string): Promise<readonly Record<string, number>[]> =>
      JSON.parse((await call([command, ...asked, '--definition', definition, '--json'])).out).rows;
    const shares = await rows('explain');
    const figures = await rows('report');
    expect(shares.length).toBeGreaterThan(5);
    for (const figure of figures) {
      const own = shares.filter(({ member }) => member === figure.member);
      for (const part of ['opening', 'expansion', 'contraction', 'churned', 'closing']) {
        const name = `${part}_arr_minor`;
        expect(own.reduce((sum, row) => sum + (row[name] as number), 0)).toBe(figure[name]);
      }
    }
  });

  it('names the greatest differences, sums up the others, and adds up', async () => {
    const records = Array.from({ length: 30 }, (_, index) => {
      const id = `c${String(index).padStart(2, '0')}`;
      return [
        subscribed(id, '2025-01-01T00:00:00Z', 100_00),
        subscribed(id, '2025-06-01T00:00:00Z', 100_00 + (index - 10) * 1_00),
      ];
    });
    const asked = ['--as-of', '2026-01-01', '--window', 'P12M'];
    const { out } = await call(['explain', '--events', write(records.flat()), ...asked]);
    expect(out.split('\n').slice(0, 4)).toEqual([
      'explain NRR 104.5% GRR 98.2% P12M to 2026-01-01 point_to_point USD',
      '     then   now share   pt why',
      'c29   100   119   +19 +0.6 price_increase c29 2025-06-01T00:00:00Z',
      'c28   100   118   +18 +0.6 price_increase c28 2025-06-01T00:00:00Z',
    ]);
    expect(out.split('\n').slice(-4)).toEqual([
      'c05   100    95    -5 -0.2 price_decrease c05 2025-06-01T00:00:00Z',
      '10  1,000 1,005    +5 +0.2 others',
      'sum 3,000 3,135  +135 +4.5',
      '',
    ]);
  });

  it('calls a customer that is gone cancelled, whatever it lost before', async () => {
    const records = [
      subscribed('a', '2025-01-01T00:00:00Z', 100_00),
      subscribed('a', '2025-06-01T00:00:00Z', 10_00),
      subscribed('a', '2025-07-01T00:00:00Z', 0),
    ];
    const asked = ['--as-of', '2025-12-31', '--window', 'P11M'];
    const { out } = await call(['explain', '--events', write(records), ...asked]);
    expect(out).toContain('a    100   0  -100 -100.0 cancellation a 2025-07-01T00:00:00Z\n');
  });

  it('says of a customer that had nothing just before the window that it has no part', async () => {
    const asked = [...ON_EXAMPLE, '--as-of', '2026-06-30', '--window', 'P12M'];
    const { exit, out, err } = await call(['explain', ...asked, '--customer', 'c-kite']);
    expect({ exit, out }).toEqual({ exit: 0, out: '' });
    expect(err).toBe('customer c-kite has no part in this: no ARR just before the window\n');
  });
});

describe('tables', () => {
  const asked = ['--as-of', '2026-06-30', '--window', 'P12M'];

  it('show money with the decimals of the currency, all of them or none', async () => {
    const report = async (currency: string, cents: number): Promise<string> => {
      const item = { product_id: 'p', amount_minor: cents, currency, interval: 'year' };
      const path = write([subscribed('a', '2025-01-01T00:00:00Z', 1, { items: [item] })]);
      const policy = files.write('policy.json', JSON.stringify({ reporting_currency: currency }));
      const { out } = await call(['report', '--events', path, '--policy', policy, ...asked]);
      return out.split('\n').at(-2) as string;
    };
    expect(await report('USD', 1_234_567_00)).toBe('ARR 1,234,567  1 customer');
    expect(await report('USD', 1_234_567_05)).toBe('ARR 1,234,567.05  1 customer');
    expect(await report('JPY', 1_234_567)).toBe('ARR 1,234,567  1 customer');
    expect(await report('KWD', 7)).toBe('ARR 0.007  1 customer');
  });

  it('have a dash where nothing was open', async () => {
    const { out } = await call(['report', '--events', write([]), ...asked]);
    expect(out).toBe(
      'report NRR - GRR - P12M to 2026-06-30 point_to_point USD\n' +
        '    opening churn contract expand closing\n' +
        'all       0     0        0      0       0\n' +
        'customers -  0 of 0 kept\n' +
        'ARR 0  0 customers\n',
    );
  });

  it('never pass on what could steer a terminal', async () => {
    const name = {
      type: 'customer_changed',
      name: 'A\u001b[31m\u202eB',
      attributes: { s: '\u0007bell' },
    };
    const { version, customer_id, ...rest } = subscribed('a', '2025-01-01T00:00:00Z', 100);
    const who = { ...rest, version, customer_id, event_id: 'k', ...name };
    const path = write([
      who,
      subscribed('a', '2025-01-01T00:00:00Z', 100),
      subscribed('a', '2026-01-01T00:00:00Z', 0),
    ]);
    for (const words of [['report'], ['explain'], ['explain', '--customer', 'a']]) {
      const { out } = await call([...words, '--events', path, ...asked, '--by', 's']);
      expect(out).not.toMatch(/[^\P{C}\n]/u);
      expect(out).toContain(words.includes('--customer') ? 'A [31m B (a)' : '\n bell ');
    }
  });
});

import { DEFAULT_POLICY } from '@holdfast/domain/policy.ts';
import { compileRules } from '@holdfast/domain/rules.ts';
import { describe, expect, it } from 'vitest';
import { POLICY_EXAMPLE } from './docs.ts';
import { parsePolicy, policyOf, readPolicy } from './policy.ts';

const mistakesOf = (text: string, format: 'json' | 'yaml' = 'yaml'): readonly string[] => {
  try {
    parsePolicy(text, format);
  } catch (error) {
    const message = String(error).replace('HoldfastError: the configuration is wrong: ', '');
    return message.includes('\n') ? message.split('\n  ').slice(1) : [message];
  }
  return [];
};

describe('a policy', () => {
  it('is the default where nothing is said', () => {
    expect(parsePolicy('{}', 'json')).toEqual(DEFAULT_POLICY);
    expect(parsePolicy('', 'yaml')).toEqual(DEFAULT_POLICY);
    expect(parsePolicy('# only a comment\n', 'yaml')).toEqual(DEFAULT_POLICY);
  });

  it('is the same in JSON and in YAML, and the domain can compile it', () => {
    const yaml = parsePolicy(POLICY_EXAMPLE, 'yaml');
    expect(yaml).toEqual({
      ...DEFAULT_POLICY,
      rates: { EUR: '1.10', JPY: '0.0066' },
      timeZone: 'Europe/Berlin',
      dimensions: [
        { name: 'segment', cap: 50 },
        { name: 'owner', cap: 100 },
        { name: 'region', cap: 50, members: ['emea', 'americas', 'apac'] },
      ],
      sources: ['crm', 'billing'],
    });
    const json = JSON.stringify(
      {
        rates: { EUR: '1.10', JPY: '0.0066' },
        time_zone: 'Europe/Berlin',
        dimensions: [
          'segment',
          { name: 'owner', cap: 100 },
          { name: 'region', members: ['emea', 'americas', 'apac'] },
        ],
        sources: ['crm', 'billing'],
      },
      null,
      '\t',
    );
    expect(parsePolicy(json, 'json')).toEqual(yaml);
    expect(compileRules(yaml).windows).toHaveLength(3);
  });

  it('may be of any value, as in a test case', () => {
    expect(policyOf({ past_due: 'exclude', lateness: 'P0D' })).toEqual({
      ...DEFAULT_POLICY,
      pastDue: 'exclude',
      lateness: 'P0D',
    });
  });

  it('goes by the name of its file', () => {
    const files: Record<string, string> = {
      'a.json': '{"usage":"include"}',
      'b.YML': 'usage: include',
    };
    for (const path of Object.keys(files)) {
      expect(readPolicy(path, (name) => files[name] ?? '').usage).toBe('include');
    }
    expect(() => readPolicy('c.txt', () => '')).toThrow(
      'the policy file "c.txt"; want a name ending in .json, .yaml or .yml',
    );
  });
});

describe('mistakes in a policy', () => {
  it('are all told at once', () => {
    expect(
      mistakesOf(`
        reporting_currency: US
        rates: { EUR: 1.1, ABC: "1", JPY: "0.00", KWD: "1e3", USD: "2" }
        time_zone: Europe/Berln
        windows: [P1M, P0D, P11Y, P1Y2M, 12]
        past_due: cuont
        lateness: 90 days
        dimenshions: [segment]
      `),
    ).toEqual([
      'reporting_currency "US"; want a currency code of ISO 4217, such as "USD"',
      'rates.EUR 1.1; want an exact decimal above 0 in quotes, such as "1.10", at most 15 digits on either side',
      'rates.ABC "ABC"; want a currency code of ISO 4217, such as "USD"',
      'rates.JPY "0.00"; want an exact decimal above 0 in quotes, such as "1.10", at most 15 digits on either side',
      'rates.KWD "1e3"; want an exact decimal above 0 in quotes, such as "1.10", at most 15 digits on either side',
      'time_zone "Europe/Berln"; want a time zone of the IANA database, such as "Europe/Berlin"',
      ...['"P0D"', '"P11Y"', '"P1Y2M"', '12'].map(
        (value, index) =>
          `windows.${index + 1} ${value}; want a duration PnD, PnW, PnM or PnY above 0 and at most ten years, such as "P12M"`,
      ),
      'past_due "cuont"; want count | exclude',
      'lateness "90 days"; want a duration PnD, PnW, PnM or PnY of at most ten years, such as "P90D"',
      'dimenshions is not a setting; did you mean dimensions?',
    ]);
  });

  it('are found inside dimensions', () => {
    expect(
      mistakesOf(`
        dimensions:
          - all
          - segment
          - name: segment
            members: [a, a]
            cap: 0
          - name: owner
            memebers: [x]
          - { name: region, members: [a, b], cap: 1 }
          - { name: plan, members: [other, ""] }
          - 3
          - ""
      `),
    ).toEqual([
      'dimensions.0.name "all"; want an attribute\'s name of 1 to 100 characters other than "all"',
      'dimensions.2.members ["a","a"]; want each entry only once',
      'dimensions.2.cap 0; want a whole number from 1 to 1000',
      'dimensions.3.memebers is not a setting; did you mean members?',
      'dimensions.4.cap 1; want a cap not below the number of members named',
      'dimensions.5.members.0 "other"; want a member\'s name of 1 to 256 characters other than "other"',
      'dimensions.5.members.1 ""; want a member\'s name of 1 to 256 characters other than "other"',
      'dimensions.6 3; want a name, or {name, members, cap}',
      'dimensions.7.name ""; want an attribute\'s name of 1 to 100 characters other than "all"',
      expect.stringMatching(/^dimensions .*; want each entry only once$/),
    ]);
  });

  it.each([
    ['windows: []', 'windows []; want at least one window'],
    ['windows: [P1M, P1M]', 'windows ["P1M","P1M"]; want each entry only once'],
    ['windows: P1M', 'windows "P1M"; want a list of durations'],
    ['sources: [crm, crm]', 'sources ["crm","crm"]; want each entry only once'],
    [
      'time_zone: "+01:00"',
      'time_zone "+01:00"; want a time zone of the IANA database, such as "Europe/Berlin"',
    ],
    [
      'rates: { USD: "1.2" }',
      'rates {"USD":"1.2"}; want no rate of the reporting currency itself other than "1"',
    ],
    ['rates: [EUR]', 'rates ["EUR"]; want an object of code and decimal string'],
    ['[usage]', 'the policy ["usage"]; want an object of settings'],
    ['usage: include\nusage: exclude', 'Map keys must be unique at line 2, column 1'],
  ])('such as %s are named', (text, mistake) => {
    expect(mistakesOf(text)).toEqual([mistake]);
  });

  it('include text that is no JSON, keys that stand twice, and files beyond a megabyte', () => {
    expect(mistakesOf('{"usage": "include",}', 'json')[0]).toMatch(/^no JSON: /);
    expect(mistakesOf('usage: include', 'json')[0]).toMatch(/^no JSON: /);
    expect(mistakesOf('{"usage": "include", "usage": "exclude"}', 'json')).toEqual([
      'Map keys must be unique at line 1, column 22',
    ]);
    expect(mistakesOf(`# ${'x'.repeat(1_000_000)}`)).toEqual(['the file is longer than 1 MB']);
  });

  it('include aliases that would blow up in memory', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let depth = 1; depth < 9; depth += 1) {
      lines.push(
        `a${depth}: &a${depth} [${Array(9)
          .fill(`*a${depth - 1}`)
          .join(', ')}]`,
      );
    }
    expect(mistakesOf(lines.join('\n'))[0]).toMatch(/^no YAML: Excessive alias count/);
  });
});

/** Calls as people make them, right and wrong, on the files of docs/examples. */

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from './run.ts';
import { call } from './testing.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const EVENTS = `${ROOT}docs/examples/events.jsonl`;
const POLICY = `${ROOT}docs/examples/policy.yaml`;
const REPORT = ['report', '--events', EVENTS, '--policy', POLICY];
const ASKED = ['--as-of', '2026-06-30', '--window', 'P12M'];

interface Ended {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}

/** The real process, its output piped; `readBytes`: stop reading after the first piece. */
const process = (words: readonly string[], stopReading = false): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(globalThis.process.execPath, ['services/cli/src/main.ts', ...words], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (bytes: Buffer) => {
      out += bytes;
      if (stopReading) child.stdout.destroy();
    });
    child.stderr.on('data', (bytes: Buffer) => {
      err += bytes;
    });
    child.on('error', reject);
    child.on('close', (exit) => resolve({ exit, out, err }));
  });

describe('help', () => {
  it('names every command, and stands on standard output', async () => {
    const { exit, out, err } = await call(['--help']);
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    for (const { name } of COMMANDS) expect(out).toContain(`  ${name} `);
  });

  it.each(COMMANDS)(
    'of $name has a sentence, two examples, its flags and the exit codes',
    async (command) => {
      const { exit, out } = await call([command.name, '--events', 'x', '--help']);
      expect(exit).toBe(0);
      expect(out).toContain(`holdfast ${command.name}: ${command.summary}.`);
      for (const example of command.examples)
        expect(out).toContain(`pnpm holdfast ${command.name} ${example}`);
      for (const flag of Object.keys(command.flags)) expect(out).toContain(`--${flag}`);
      expect(out).toContain('Exit codes: 0 done, 1 the data is bad, 2 the call is wrong.');
    },
  );

  const OFFLINE = COMMANDS.filter(({ name }) => name !== 'produce');
  const examples = OFFLINE.flatMap(({ name, examples }) =>
    examples.map((words) => ({ name, words })),
  );

  it.each(examples)('has an example that runs: $name $words', async ({ name, words }) => {
    const { exit, out } = await call([
      name,
      ...words.replaceAll('docs/', `${ROOT}docs/`).split(' '),
    ]);
    expect(exit).toBe(words.includes('broken') ? 1 : 0);
    if (name !== 'check') expect(out).not.toBe('');
  });
});

describe('a wrong call', () => {
  it.each([
    [[], 'no command; want one of'],
    [['reprot'], '"reprot" is no command; did you mean report?'],
    [['report', ...ASKED], '--events is missing; want --events FILE'],
    [[...REPORT, '--window', 'P12M'], '--as-of is missing'],
    [[...REPORT, ...ASKED, '--as-of', '2026-01-01'], '--as-of is given twice'],
    [[...REPORT, ...ASKED, '--windo', 'P1M'], '--windo is no flag; did you mean --window?'],
    [[...REPORT, ...ASKED, '-x'], '-x is no flag'],
    [[...REPORT, ...ASKED, 'more'], '"more" is no flag'],
    [[...REPORT, '--as-of', '--window', 'P12M'], '--as-of has no value'],
    [[...REPORT, ...ASKED, '--json=yes'], '--json is on or off'],
    [
      [...REPORT, '--as-of', '2026-02-30', '--window', 'P1M'],
      '--as-of "2026-02-30"; want ISO 8601',
    ],
    [
      [...REPORT, '--as-of', '2026-01-01T00:00:00', '--window', 'P1M'],
      'want ISO 8601 with an offset',
    ],
    [[...REPORT, '--as-of', '1969-12-31', '--window', 'P1M'], 'in the years 1970 to 9999'],
    [[...REPORT, '--as-of', '2026-01-01', '--window', '12M'], '--window "12M"; want PnD'],
    [[...REPORT, '--as-of', '2026-01-01', '--window', 'P0D'], '--window "P0D"; want PnD'],
    [[...REPORT, '--as-of', '2026-01-01', '--window', 'P101Y'], '--window "P101Y"; want PnD'],
    [[...REPORT, ...ASKED, '--definition', 'pth'], 'want one of point_to_point, no_returners'],
    [[...REPORT, ...ASKED, '--definition', 'toString'], '--definition "toString"; want one of'],
    [
      [...REPORT, ...ASKED, '--definition', 'flow', '--by', 'segment'],
      'for all customers together only',
    ],
    [
      [...REPORT, '--as-of', '2026-01-01', '--window', 'P90D', '--definition', 'compounded'],
      'want whole months',
    ],
    [
      ['explain', ...REPORT.slice(1), ...ASKED, '--definition', 'compounded'],
      'no shares that add up',
    ],
    [['explain', ...REPORT.slice(1), ...ASKED, '--customer', 'nobody'], '--customer "nobody"'],
    [
      [
        'movements',
        ...REPORT.slice(1),
        '--from',
        '2026-02-01',
        '--to',
        '2026-02-01',
        '--every',
        'P1M',
      ],
      'from is not before to',
    ],
    [['produce', '--events', EVENTS], '--bootstrap is missing; want --bootstrap HOST'],
    [['produce', '--events', EVENTS, '--bootstrap', 'kafka'], '--bootstrap "kafka"; want brokers'],
    [
      ['produce', '--events', EVENTS, '--bootstrap', 'k:9092', '--registry', 'r:8081'],
      '--registry "r:8081"; want a URL',
    ],
    [['produce', '--events', EVENTS, '--bootstrap', 'k:9092', '--topic', 'a b'], '--topic "a b"'],
    [['report', '--events', `${ROOT}no-such-file`, ...ASKED], 'a file cannot be read'],
    [['report', '--events', ROOT, ...ASKED], 'a file cannot be read'],
    [['report', '--events', EVENTS, '--policy', EVENTS, ...ASKED], 'a name ending in .json'],
    [['report', '--events', EVENTS, '--policy', 'none.yaml', ...ASKED], 'none.yaml'],
  ])('%j exits 2 with one line that says what is wrong', async (words, sentence) => {
    const { exit, out, err } = await call(words);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toContain(sentence);
    expect(err.split('\n')).toHaveLength(2);
  });
});

describe('the process', () => {
  it('prints no escapes into a pipe, and what the call is worth as its exit code', async () => {
    const good = await process([...REPORT, ...ASKED]);
    expect(good).toMatchObject({ exit: 0, err: '' });
    expect(good.out).toContain('NRR');
    expect(good.out).not.toContain('\u001b');
    const bad = await process(['check', '--events', 'docs/examples/broken.jsonl']);
    expect(bad.exit).toBe(1);
    const wrong = await process(['report']);
    expect(wrong).toMatchObject({ exit: 2, out: '' });
    expect(wrong.err).not.toContain('    at ');
  });

  it('ends in silence when nobody reads on', async () => {
    const words = ['movements', ...REPORT.slice(1), '--from', '2025-01-01', '--to', '2026-07-01'];
    const { exit, err } = await process([...words, '--every', 'P1D', '--by', 'segment'], true);
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
  });
});

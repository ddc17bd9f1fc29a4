/**
 * Asks the product what an example asks, and holds the answer against the page. `report`,
 * `movements`, `explain` and `check` are calls of the command line; `ARR` is a folded file at some
 * days; `deltas`, `counted` and `gauges` come from the live machine.
 */

import type { OfDay } from '@holdfast/contracts/instant-or-date.ts';
import { arrAt } from '@holdfast/domain/steps.ts';
import { foldFile } from '../../services/cli/src/fold-file.ts';
import { readInstant } from '../../services/cli/src/instants.ts';
import { call, type Folder, jsonLines, TEST_NOW } from '../../services/cli/src/testing.ts';
import {
  CHECKED,
  COUNTED,
  type Columns,
  DELTAS,
  EXPLAINED,
  MOVEMENTS,
  RETENTION,
} from './columns.ts';
import type { Example, Question } from './example.ts';
import { agrees } from './figures.ts';
import { live } from './live.ts';

type Found = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly columns: Columns;
  readonly rows: readonly Found[];
}

/** Columns that are part of the question: each row is asked for with its own. */
const ASKED = ['as-of', 'window', 'definition', 'by'];

/** Where an example lies as files. */
interface Files {
  readonly events: string;
  readonly policy: string;
}

export function write(folder: Folder, { name, policy, events }: Example): Files {
  return {
    events: folder.write(`${name}.jsonl`, jsonLines(events)),
    policy: folder.write(`${name}.yaml`, policy),
  };
}

export async function answer(example: Example, files: Files, question: Question): Promise<Answer> {
  const { words, columns, rows } = question;
  const asked = columns.filter((column) => ASKED.includes(column));
  if (asked.length === 0) return ask(example, files, words, columns);
  const answers: Answer[] = [];
  for (const row of rows) {
    const flags = asked.flatMap((name) => [`--${name}`, row[columns.indexOf(name)] as string]);
    answers.push(await ask(example, files, [...words, ...flags], columns));
  }
  const found = answers.flatMap((one) => one.rows);
  return { columns: (answers[0] as Answer).columns, rows: found };
}

/** What the page says and the product does not; empty where they agree. */
export function differences(
  { rules }: Example,
  { columns, rows }: Question,
  answered: Answer,
): readonly string[] {
  const figures = {
    exponent: rules.exponent,
    instant: (text: string) => readInstant('figure', text, rules.zone, 'first'),
  };
  const said: string[] = [];
  if (rows.length !== answered.rows.length) {
    said.push(`${rows.length} rows are written, ${answered.rows.length} found`);
  }
  for (const [index, row] of rows.entries()) {
    for (const [position, name] of columns.entries()) {
      if (ASKED.includes(name)) continue;
      const column = answered.columns[name];
      if (column === undefined) throw new Error(`no answer has a column "${name}"`);
      const written = row[position] as string;
      const found = answered.rows[index]?.[column.field];
      if (agrees(figures, column.kind, written, found)) continue;
      said.push(`row ${index + 1}, ${name}: written ${written}, found ${JSON.stringify(found)}`);
    }
  }
  return said;
}

/** One call; `columns` are those of the page. */
async function ask(
  example: Example,
  files: Files,
  words: readonly string[],
  columns: readonly string[],
): Promise<Answer> {
  const flag = (name: string): string => {
    const index = words.indexOf(`--${name}`);
    const value = words[index + 1];
    if (index < 0 || value === undefined) throw new Error(`${words.join(' ')}; want --${name}`);
    return value;
  };
  const instant = (name: string, ofDay: OfDay): number =>
    readInstant(name, flag(name), example.rules.zone, ofDay);
  switch (words[0]) {
    case 'report': {
      const { forecast, rows } = await json(files, words);
      const marked = rows.map((row) => ({ ...row, forecast: forecast === true ? 'yes' : 'no' }));
      return { columns: RETENTION, rows: marked };
    }
    case 'movements':
      return { columns: MOVEMENTS, rows: (await json(files, words)).rows };
    case 'explain': {
      const rows = (await json(files, words)).rows.map((row) => ({
        ...row,
        events: (row.events as readonly Found[]).map((event) => event.event_id),
      }));
      return { columns: EXPLAINED, rows };
    }
    case 'check':
      return { columns: CHECKED, rows: await check(files) };
    case 'ARR': {
      const known = words.includes('--known-at') ? instant('known-at', 'last') : undefined;
      return arrOf(example, files, columns, instant('as-of', 'last'), known);
    }
    case 'deltas':
      return { columns: DELTAS, rows: (await live(example, instant('until', 'first'))).deltas };
    case 'counted':
      return { columns: COUNTED, rows: [await (await live(example, TEST_NOW)).counts()] };
    case 'gauges': {
      const lived = await live(example, instant('as-of', 'last'));
      return { columns: RETENTION, rows: [await lived.gauges(flag('window'))] };
    }
    default:
      throw new Error(`"${words.join(' ')}" is no question`);
  }
}

interface JsonAnswer {
  readonly forecast?: true;
  readonly rows: readonly Found[];
}

async function json({ events, policy }: Files, words: readonly string[]): Promise<JsonAnswer> {
  const given = ['--events', events, '--policy', policy, '--json', '--strict'];
  const { exit, out, err } = await call([...words, ...given]);
  if (exit !== 0) throw new Error(err);
  return JSON.parse(out);
}

async function check({ events, policy }: Files): Promise<readonly Found[]> {
  const { out } = await call(['check', '--events', events, '--policy', policy]);
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))
    .map(([number, reason]) => ({ event: `e${number}`, reason }));
}

/** One row: a column for each customer named in the head, or `all` for the sum. */
async function arrOf(
  { rules }: Example,
  { events }: Files,
  columns: readonly string[],
  asOf: number,
  knownAt: number | undefined,
): Promise<Answer> {
  const world = { out: () => {}, err: () => {}, redraw: null, now: () => TEST_NOW };
  const { customers } = await foldFile(world, rules, events, knownAt);
  const worth = [...customers].map(([id, { steps }]) => [id, arrAt(steps, asOf)] as const);
  const all = worth.reduce((sum, [, arr]) => sum + arr, 0);
  const row: Found = { ...Object.fromEntries(worth), all };
  const customersNamed = columns.filter((name) => !ASKED.includes(name));
  return {
    columns: Object.fromEntries(
      customersNamed.map((name) => [name, { field: name, kind: 'money' }]),
    ),
    rows: [row],
  };
}

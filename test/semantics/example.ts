/**
 * An example of docs/SEMANTICS.md as data: its policy, its events as records of a JSON-lines file,
 * and its questions, each with the table that must be the answer. Lines that begin at the margin
 * say what follows; indented ones are it.
 */

import { parsePolicy } from '@holdfast/config/policy.ts';
import { compileRules, type Rules } from '@holdfast/domain/rules.ts';
import { readInstant } from '../../services/cli/src/instants.ts';
import type { Block } from './document.ts';
import { eventOf } from './event-words.ts';

type Json = Readonly<Record<string, unknown>>;

/** A table: what it is called in the page, its head, and one list of cells a row. */
export interface Question {
  /** Such as `report`, `--window`, `P12M`. */
  readonly words: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Example {
  readonly name: string;
  /** YAML, as a policy file holds it. */
  readonly policy: string;
  readonly rules: Rules;
  readonly events: readonly Json[];
  readonly questions: readonly Question[];
}

interface Part {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Throws, naming example and line, where the block can't be read. */
export function exampleOf({ name, line, text }: Block): Example {
  try {
    const parts = partsOf(text);
    const policy = bodyOf(parts, 'policy').join('\n');
    const rules = compileRules(parsePolicy(policy, 'yaml'), { keepAll: true });
    const instant = (written: string): string =>
      new Date(readInstant('events', written, rules.zone, 'first')).toISOString();
    const events: Json[] = [];
    for (const words of bodyOf(parts, 'events')) events.push(eventOf({ instant }, words, events));
    const questions = parts
      .filter(({ title }) => title !== 'policy' && title !== 'events')
      .map(questionOf);
    return { name, policy, rules, events, questions };
  } catch (cause) {
    throw new Error(`example ${name}, line ${line}: ${String(cause)}`, { cause });
  }
}

function partsOf(text: string): readonly Part[] {
  const parts: { readonly title: string; readonly lines: string[] }[] = [];
  for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
    const part = parts.at(-1);
    if (!line.startsWith('  ')) parts.push({ title: line.trim(), lines: [] });
    else if (part === undefined) throw new Error(`"${line}" belongs to nothing`);
    else part.lines.push(line.slice(2).trimEnd());
  }
  return parts;
}

const bodyOf = (parts: readonly Part[], title: string): readonly string[] =>
  parts.find((part) => part.title === title)?.lines ?? [];

function questionOf({ title, lines }: Part): Question {
  const [columns, ...rows] = lines.map((line) => line.trim().split(/ {2,}/));
  if (columns === undefined || rows.length === 0) throw new Error(`"${title}" has no answer`);
  for (const row of rows) {
    if (row.length !== columns.length) {
      throw new Error(
        `"${row.join('  ')}" has ${row.length} cells under ${columns.length} columns`,
      );
    }
  }
  return { words: title.split(' '), columns, rows };
}

/**
 * docs/SEMANTICS.md is held to its word: every rule has an example, every example is run through
 * the product, and no figure of one could be another without a test going red.
 */

import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { folder } from '../../services/cli/src/testing.ts';
import { type Answer, answer, differences, write } from './answers.ts';
import { type Section, sectionsOf } from './document.ts';
import { exampleOf, type Question } from './example.ts';

const PAGE = new URL('../../docs/SEMANTICS.md', import.meta.url);
const sections = sectionsOf(readFileSync(PAGE, 'utf8'));
const examples = sections.flatMap((section) => section.examples).map(exampleOf);

const files = folder();
afterAll(() => files.remove());

describe('docs/SEMANTICS.md', () => {
  it('has rules', () => expect(sections.length).toBeGreaterThan(0));

  it.each(sections)('has an example of the rule "$title"', (section) => {
    expect(section.examples.map(({ name }) => name)).not.toEqual([]);
  });

  it.each(sections)(
    'names no money in the words of "$title" that is not in an example',
    (section) => {
      expect(moneyNotShown(section)).toEqual([]);
    },
  );

  it('gives every example a name of its own', () => {
    const names = examples.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });
});

describe('the reading of a page', () => {
  const block = (text: string) => exampleOf({ name: 'one', line: 7, text });
  const EVENTS = 'events\n  2025-01-01  acme  core 100 USD a month\n';

  it('sees a rule that has no example', () => {
    expect(sectionsOf('## A rule\nwords').map(({ examples }) => examples)).toEqual([[]]);
  });

  it('sees money that stands in words only', () => {
    const [section] = sectionsOf('## A rule\nis 1,000\n```example one\n  1,001.00\n```');
    expect(moneyNotShown(section as Section)).toEqual(['1,000']);
  });

  it.each([
    ['a block that nobody would run', '## A rule\n```\n1\n```', 'line 2: ```; want'],
    ['an example without an end', '## A rule\n```example one\n', 'line 2: the example has no end'],
    ['an example of no rule', '```example one\n```', 'line 1: an example before any rule'],
  ])('refuses %s', (_, page, message) => {
    expect(() => sectionsOf(page)).toThrow(message);
  });

  it.each([
    ['a question without an answer', `${EVENTS}ARR\n  as-of  acme`, '"ARR" has no answer'],
    ['a row too short', `${EVENTS}ARR\n  as-of  acme\n  2025-01-31`, '1 cells under 2 columns'],
    [
      'an item that says nothing',
      'events\n  2025-01-01  acme  core 100 USD',
      'item "core 100 USD"',
    ],
    ['an unknown note', `${EVENTS.trimEnd()}  nonsense 1`, 'note "nonsense 1"'],
    ['a wrong policy', 'policy\n  paused: maybe', 'paused "maybe"; want count | exclude'],
  ])('refuses %s', (_, text, message) => {
    expect(() => block(text)).toThrow(`example one, line 7: `);
    expect(() => block(text)).toThrow(message);
  });

  it('refuses a column that no answer has', async () => {
    const example = block(
      `${EVENTS}report --as-of 2025-06-30 --window P1M\n  closing  gain\n  1  1`,
    );
    const [question] = example.questions as [Question];
    const found = await answer(example, write(files, example), question);
    expect(() => differences(example, question, found)).toThrow('no answer has a column "gain"');
  });
});

describe.each(examples)('the example $name', (example) => {
  const written = write(files, example);

  it('asks something', () => expect(example.questions).not.toEqual([]));

  it.each(example.questions.map((question) => ({ words: question.words.join(' '), question })))(
    '$words',
    async ({ question }) => {
      const found = await answer(example, written, question);
      expect(differences(example, question, found)).toEqual([]);
      expect(figuresNotHeld(question, found)).toEqual([]);
    },
  );

  /** Figures that could be written otherwise and nobody would notice. */
  const figuresNotHeld = (question: Question, found: Answer): readonly string[] =>
    question.rows.flatMap((row, index) =>
      row.flatMap((cell, position) => {
        const name = question.columns[position] as string;
        if (found.columns[name] === undefined) return [];
        const rows = question.rows.with(index, row.with(position, other(cell)));
        const noticed = differences(example, { ...question, rows }, found);
        return noticed.length > 0 ? [] : [`row ${index + 1}, ${name}: ${cell}`];
      }),
    );
});

/** Another figure, as little off as can be written; another word. */
function other(cell: string): string {
  if (cell === '-') return '0';
  // Of a date the year: another day may not exist.
  const digit = /^\d{4}-/.test(cell) ? 3 : cell.search(/\d(?!.*\d)/);
  if (digit < 0) return `${cell}x`;
  return cell.slice(0, digit) + ((Number(cell[digit]) + 1) % 10) + cell.slice(digit + 1);
}

/** Amounts such as 1,440.00 or 12,000 in the words of a section that none of its examples holds. */
function moneyNotShown({ words, examples }: Section): readonly string[] {
  const amounts = words.join('\n').match(/\d{1,3}(,\d{3})+(\.\d+)?|\d+\.\d\d\b/g) ?? [];
  return amounts.filter((amount) => !examples.some(({ text }) => text.includes(amount)));
}

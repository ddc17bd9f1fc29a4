import { describe, expect, it } from 'vitest';
import {
  againstDocument,
  countsOf,
  type MutationReport,
  mutantsOf,
  survivorsOf,
} from './survivors.ts';

const mutant = (
  status: string,
  [line, from, to]: readonly [number, number, number],
  replacement: string,
  endLine = line,
) => ({
  status,
  replacement,
  location: { start: { line, column: from }, end: { line: endLine, column: to } },
});

const REPORT: MutationReport = {
  files: {
    'packages/domain/src/b.ts': {
      source: 'if (a < b) {\n  return 1;\n}\nif (a < b) return 2;\n',
      mutants: [
        mutant('Survived', [4, 5, 10], 'a <= b'),
        mutant('Survived', [1, 5, 10], 'a <= b'),
        mutant('Killed', [1, 5, 10], 'true'),
        mutant('NoCoverage', [1, 12, 2], '{}', 3),
        mutant('Timeout', [4, 5, 10], 'true'),
      ],
    },
    'packages/domain/src/definitions/a.ts': {
      source: `const x = '${'x'.repeat(99)}';`,
      mutants: [mutant('Survived', [1, 11, 112], '""')],
    },
  },
};

const SURVIVORS = [
  'b.ts:1: a < b -> a <= b',
  'b.ts:1: { return 1; } -> {}',
  'b.ts:4: a < b -> a <= b',
  `a.ts:1: '${'x'.repeat(66)}... -> ""`,
];

describe('survivors of a mutation check', () => {
  it('stand on a short line each, by file and line', () => {
    expect(survivorsOf(REPORT)).toEqual(SURVIVORS);
  });

  it('are told from those that ran too long', () => {
    expect(mutantsOf(REPORT, ['Timeout'])).toEqual(['b.ts:4: a < b -> true']);
  });

  it('are counted beside those that met another end', () => {
    expect(Object.fromEntries(countsOf(REPORT))).toEqual({
      Survived: 3,
      Killed: 1,
      NoCoverage: 1,
      Timeout: 1,
    });
  });
});

describe('the document', () => {
  it('agrees where it lists the survivors, at whatever line and in whatever order', () => {
    const listed = SURVIVORS.toReversed().map((line) => line.replace(/:\d+:/, ':77:'));
    expect(againstDocument(REPORT, `# Words\n${listed.join('\n')}\n`)).toEqual({
      unreasoned: [],
      gone: [],
    });
  });

  it('differs by a survivor that it lists once too seldom or too often', () => {
    const [first = '', , ...others] = SURVIVORS;
    expect(againstDocument(REPORT, [first, first, ...others].join('\n'))).toEqual({
      unreasoned: ['b.ts:1: { return 1; } -> {}'],
      gone: ['b.ts:4: a < b -> a <= b'],
    });
  });

  it('may list what ran too long this time', () => {
    const document = [...SURVIVORS, 'b.ts:4: a < b -> true'].join('\n');
    expect(againstDocument(REPORT, document)).toEqual({ unreasoned: [], gone: [] });
  });

  it('may list survivors of files that were not mutated', () => {
    const document = [...SURVIVORS, 'other.ts:1: a -> b'].join('\n');
    expect(againstDocument(REPORT, document).gone).toEqual([]);
  });
});

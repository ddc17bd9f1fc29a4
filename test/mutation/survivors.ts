/**
 * What a run of Stryker left alive, one line a mutant, as docs/TESTING.md lists it. A line is held
 * against the document without its line number: code above it may grow.
 */

import { basename } from 'node:path';

interface Position {
  readonly line: number;
  readonly column: number;
}

/** The part of Stryker's JSON report that is read here (schema: mutation-testing-elements). */
export interface MutationReport {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: string;
        readonly mutants: readonly {
          readonly status: string;
          readonly replacement: string;
          readonly location: { readonly start: Position; readonly end: Position };
        }[];
      }
    >
  >;
}

const LINE = /^([\w-]+\.ts):\d+: (.+)$/;

/** Code as one short line. */
const short = (code: string): string => {
  const line = code.replaceAll(/\s+/g, ' ');
  return line.length > 70 ? `${line.slice(0, 67)}...` : line;
};

/** Positions count from 1, `end` is exclusive. */
function textBetween(source: string, start: Position, end: Position): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  lines.push((lines.pop() as string).slice(0, end.column - 1));
  lines.unshift((lines.shift() as string).slice(start.column - 1));
  return lines.join('\n');
}

/** What no test kills. */
export const survivorsOf = (report: MutationReport): readonly string[] =>
  mutantsOf(report, ['Survived', 'NoCoverage']);

/** `file.ts:line: code -> mutated code` of each mutant that met such an end, by file and line. */
export function mutantsOf(
  { files }: MutationReport,
  statuses: readonly string[],
): readonly string[] {
  return Object.keys(files)
    .sort()
    .flatMap((path) => {
      const { source, mutants } = files[path] as MutationReport['files'][string];
      return mutants
        .filter(({ status }) => statuses.includes(status))
        .sort((a, b) => a.location.start.line - b.location.start.line)
        .map(({ replacement, location: { start, end } }) => {
          const code = textBetween(source, start, end);
          return `${basename(path)}:${start.line}: ${short(code)} -> ${short(replacement)}`;
        });
    });
}

/** How many mutants met which end (`Killed`, `Survived`, ...). */
export function countsOf({ files }: MutationReport): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { mutants } of Object.values(files)) {
    for (const { status } of mutants) counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return counts;
}

export interface Differences {
  /** Survivors that the document does not reason. */
  readonly unreasoned: readonly string[];
  /**
   * Lines of the document, of files that were mutated, that no survivor stands for, nor one that
   * ran too long: what only makes the code slower ends either way.
   */
  readonly gone: readonly string[];
}

export function againstDocument(report: MutationReport, document: string): Differences {
  const mutated = new Set(Object.keys(report.files).map((path) => basename(path)));
  const reasoned = document.split('\n').filter((line) => {
    const file = LINE.exec(line)?.[1];
    return file !== undefined && mutated.has(file);
  });
  const survivors = survivorsOf(report);
  const slow = mutantsOf(report, ['Timeout']);
  return {
    unreasoned: without(survivors, reasoned),
    gone: without(reasoned, [...survivors, ...slow]),
  };
}

/** The lines that are left when each of the others has taken away one of its kind. */
function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const kind = (line: string): string => line.replace(LINE, '$1 $2');
  const left = new Map<string, number>();
  for (const other of others) left.set(kind(other), (left.get(kind(other)) ?? 0) + 1);
  return lines.filter((line) => {
    const more = left.get(kind(line)) ?? 0;
    left.set(kind(line), more - 1);
    return more <= 0;
  });
}

/** The figures of a chaos run, for people. Totals are since the beginning of the run. */

import type { Round } from './run.ts';

const column = (words: readonly string[]): readonly string[] => {
  const width = Math.max(...words.map(({ length }) => length));
  return words.map((word) => word.padStart(width));
};

export const chaosTable = (rounds: readonly Round[]): string => {
  const columns = (
    [
      ['round', (_: Round, at: number) => String(at + 1)],
      ['events', ({ records }: Round) => String(records)],
      ['deltas', ({ deltas }: Round) => String(deltas)],
      ['dead letters', ({ deadLetters }: Round) => String(deadLetters)],
      ['folded again', ({ foldedAgain }: Round) => String(foldedAgain)],
      ['recovery s', ({ recoverySeconds }: Round) => recoverySeconds.toFixed(1)],
    ] as const
  ).map(([head, cell]) => column([head, ...rounds.map(cell)]));
  const faults = ['faults', ...rounds.map((round) => round.faults.join(', '))];
  return faults
    .map((line, row) => [...columns.map((cells) => cells[row]), line].join('  '))
    .join('\n');
};

/** By kind of fault: how often, and how long the rounds that had it took to recover. */
export const recoveryTable = (rounds: readonly Round[]): string => {
  const byKind = new Map<string, number[]>();
  for (const { faults, recoverySeconds } of rounds) {
    for (const name of faults) {
      byKind.set(name, [...(byKind.get(name) ?? []), recoverySeconds]);
    }
  }
  const kinds = [...byKind].sort(([a], [b]) => (a < b ? -1 : 1));
  const [names, times, medians, worst] = [
    ['fault', ...kinds.map(([name]) => name)],
    column(['times', ...kinds.map(([, all]) => String(all.length))]),
    column(['median s', ...kinds.map(([, all]) => medianOf(all).toFixed(1))]),
    column(['worst s', ...kinds.map(([, all]) => Math.max(...all).toFixed(1))]),
  ];
  return names
    .map((name, row) => [times[row], medians[row], worst[row], name].join('  '))
    .join('\n');
};

const medianOf = (all: readonly number[]): number =>
  all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] as number;

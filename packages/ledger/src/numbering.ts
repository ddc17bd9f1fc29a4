/**
 * Names as numbers in the order they came, in memory: some 100 bytes each. Those of a write that
 * failed are given again.
 */

export interface Numbering {
  readonly size: number;
  numberOf(name: string): number | undefined;
  nameOf(number: number): string | undefined;
  /** The name's number, a new one where it has none yet. */
  give(name: string): number;
  /** Those given since the last `keep` or `forget`. */
  readonly given: readonly (readonly [number: number, name: string])[];
  keep(): void;
  forget(): void;
}

/** The members of each dimension, in the order of the policy; 0 is `unknown`. */
export type Members = readonly Numbering[];

/** `known`: all names there are, by their numbers from 0 on. */
export function numbering(known: readonly string[]): Numbering {
  const names = [...known];
  const numbers = new Map(names.map((name, number) => [name, number]));
  let kept = names.length;
  return {
    get size() {
      return names.length;
    },
    get given() {
      return names.slice(kept).map((name, index) => [kept + index, name] as const);
    },
    numberOf: (name) => numbers.get(name),
    nameOf: (number) => names[number],
    give: (name) => {
      const given = numbers.get(name);
      if (given !== undefined) return given;
      numbers.set(name, names.length);
      return names.push(name) - 1;
    },
    keep: () => {
      kept = names.length;
    },
    forget: () => {
      for (const name of names.splice(kept)) numbers.delete(name);
    },
  };
}

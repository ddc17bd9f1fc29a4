/** Nobody gives a partition up as fenced that has been claimed only once. */

export interface FencedWatch {
  /** The store was claimed, or the output opened. */
  readonly taken: (what: 'store' | 'output', partition: number) => void;
  /** Throws where nobody can have fenced it. */
  readonly ended: (partition: number, how: 'revoked' | 'fenced') => void;
}

export const watchFenced = (): FencedWatch => {
  const times = new Map<string, number>();
  const count = (what: string, partition: number): number => times.get(what + partition) ?? 0;
  return {
    taken: (what, partition) => times.set(what + partition, count(what, partition) + 1),
    ended: (partition, how) => {
      if (how === 'fenced' && count('store', partition) < 2 && count('output', partition) < 2) {
        throw new Error(`partition ${partition} was given up, and nobody had fenced it`);
      }
    },
  };
};

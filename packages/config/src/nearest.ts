/**
 * "Did you mean": the known name that is closest to a mistyped one. Never guesses on its own;
 * callers only print it.
 */

/** Levenshtein distance: the least number of single-letter edits. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
};

/** The nearest known name, or undefined when it takes more than a third of the letters to get there. */
export const nearest = (name: string, known: readonly string[]): string | undefined => {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const edits = distance(name.toLowerCase(), candidate.toLowerCase());
    if (edits < least) {
      least = edits;
      best = candidate;
    }
  }
  return best;
};

/** `; did you mean x?` or an empty string. All names begin with `prefix`, which counts for nothing. */
export const didYouMean = (name: string, known: readonly string[], prefix = ''): string => {
  const bare = (full: string): string => full.slice(prefix.length);
  const found = nearest(bare(name), known.map(bare));
  return found === undefined ? '' : `; did you mean ${prefix}${found}?`;
};

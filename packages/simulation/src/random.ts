/**
 * A seeded source of chance: the same seed gives the same numbers on every machine. Not for
 * secrets. Source: sfc32 of the PractRand suite, seeded by splitmix32.
 */

export interface Random {
  /** At least 0 and below 1. */
  fraction(): number;
  /** A whole number, both ends included. */
  between(least: number, greatest: number): number;
  /** A number, ends included as good as never. */
  within(least: number, greatest: number): number;
  chance(probability: number): boolean;
  pick<T>(options: readonly T[]): T;
  /** A key of the weights, each as often as its weight says. */
  weighted<Key extends string>(weights: Readonly<Record<Key, number>>): Key;
  /** Time to the next of independent events that come `rate` times a unit. */
  wait(rate: number): number;
  /** Log-normal: half the values lie below the median; `spread` is the deviation of the logarithm. */
  around(median: number, spread: number): number;
}

export const seeded = (seed: number): Random => {
  let mix = seed | 0;
  const splitmix = (): number => {
    mix = (mix + 0x9e3779b9) | 0;
    let z = mix ^ (mix >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  let a = splitmix();
  let b = splitmix();
  let c = splitmix();
  let count = splitmix();

  const fraction = (): number => {
    const sum = (a + b + count) | 0;
    count = (count + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 4_294_967_296;
  };

  const within = (least: number, greatest: number): number =>
    least + fraction() * (greatest - least);
  const between = (least: number, greatest: number): number =>
    least + Math.floor(fraction() * (greatest - least + 1));
  return {
    fraction,
    within,
    between,
    chance: (probability) => fraction() < probability,
    pick: (options) => options[between(0, options.length - 1)] as (typeof options)[number],
    weighted: (weights) => {
      const keys = Object.keys(weights) as (keyof typeof weights)[];
      let left = fraction() * keys.reduce((sum, key) => sum + weights[key], 0);
      for (const key of keys) {
        left -= weights[key];
        if (left < 0) return key;
      }
      return keys.at(-1) as (typeof keys)[number];
    },
    wait: (rate) => -Math.log(1 - fraction()) / rate,
    around: (median, spread) => {
      // Box-Muller; one of its two values is enough.
      const radius = Math.sqrt(-2 * Math.log(1 - fraction()));
      return median * Math.exp(spread * radius * Math.cos(2 * Math.PI * fraction()));
    },
  };
};

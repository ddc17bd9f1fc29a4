/**
 * Which faults each round has: all kinds are dealt like cards, in an order that the seed decides,
 * so that a long run has each of them about equally often, beside ever other ones.
 */

import type { Random } from '@holdfast/simulation/random.ts';
import { FAULTS, type Fault, type FaultName } from './faults.ts';

const FAULTS_A_ROUND = 4;

export interface PlanOptions {
  readonly rounds: number;
  /** Also faults that take more than a minute. */
  readonly long: boolean;
  readonly brokers: number;
}

const shuffled = <One>(random: Random, all: readonly One[]): One[] => {
  const cards = [...all];
  for (let at = cards.length - 1; at > 0; at -= 1) {
    const other = random.between(0, at);
    [cards[at], cards[other]] = [cards[other] as One, cards[at] as One];
  }
  return cards;
};

export const planOf = (
  random: Random,
  { rounds, long, brokers }: PlanOptions,
): readonly (readonly FaultName[])[] => {
  const fault = (name: FaultName): Fault => FAULTS[name];
  const kinds = (Object.keys(FAULTS) as FaultName[]).filter(
    (name) => (long || !fault(name).long) && (fault(name).brokers ?? 1) <= brokers,
  );
  let cards: FaultName[] = [];
  return Array.from({ length: rounds }, () => {
    const round: FaultName[] = [];
    while (round.length < FAULTS_A_ROUND) {
      const taken = new Set(round.flatMap((name) => fault(name).realms));
      const fits = (name: FaultName): boolean =>
        !round.includes(name) && fault(name).realms.every((realm) => !taken.has(realm));
      if (!cards.some(fits)) cards.push(...shuffled(random, kinds));
      const at = cards.findIndex(fits);
      round.push(cards[at] as FaultName);
      cards = cards.toSpliced(at, 1);
    }
    return round;
  });
};

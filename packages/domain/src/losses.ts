/**
 * What single customers lost over each window: for the greatest of them. Kept as changes, for a
 * loss changes rarely; the losses themselves are the store's. Definition point_to_point.
 */

import type { Contribution } from './contribution.ts';
import type { Rules } from './rules.ts';

export interface LossChange {
  /** ISO 8601 duration. */
  readonly window: string;
  readonly customerId: string;
  /** Minor units; 0: no loss. */
  readonly before: number;
  readonly after: number;
}

export interface Losses {
  /** The customer's contribution is replaced; null: it had none. */
  replace(customerId: string, before: Contribution | null, after: Contribution): void;
  /** Losses that are not what they were at the last call. */
  takeChanged(): readonly LossChange[];
}

const lossIn = (contribution: Contribution | null, index: number): number => {
  const part = contribution?.windows[index];
  return part ? Math.max(0, part.opening - part.closing) : 0;
};

export function losses({ windows }: Rules): Losses {
  /** By window, then customer. */
  const changed = windows.map(() => new Map<string, LossChange>());
  return {
    replace: (customerId, before, after) => {
      for (let index = 0; index < windows.length; index += 1) {
        const [was, is] = [lossIn(before, index), lossIn(after, index)];
        if (was === is) continue;
        const { name } = windows[index] as Rules['windows'][number];
        const ofWindow = changed[index] as Map<string, LossChange>;
        const first = ofWindow.get(customerId)?.before ?? was;
        if (first === is) ofWindow.delete(customerId);
        else ofWindow.set(customerId, { window: name, customerId, before: first, after: is });
      }
    },
    takeChanged: () => {
      const all = changed.flatMap((ofWindow) => [...ofWindow.values()]);
      for (const ofWindow of changed) ofWindow.clear();
      return all;
    },
  };
}

/** How far a figure can be read: not at all, with care, or as it stands. */

import type { RetentionRow } from './answers.ts';

/** From here on a ratio says more than chance; the alerts' least base too. */
export const SMALL_BASE = 20;

export type FigureState = 'none' | 'small' | 'sound';

export function figureState(row: RetentionRow | null): FigureState {
  if (row === null || row.nrr === null || (row.opening_customers ?? 0) === 0) return 'none';
  return (row.opening_customers ?? 0) < SMALL_BASE ? 'small' : 'sound';
}

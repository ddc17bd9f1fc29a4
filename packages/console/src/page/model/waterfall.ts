/**
 * Why the figure is what it is: opening, losses first, then gains, closing. Bars stand on each
 * other to the minor unit. Where all parts are small they are shown as a change from 0, never on
 * an axis that is cut.
 */

import type { RetentionRow } from './answers.ts';
import { points } from './format.ts';
import type { DefinitionName, Part } from './view.ts';

export interface Bar {
  readonly name: 'Opening' | 'Churn' | 'Contraction' | 'Expansion' | 'Closing' | 'Change';
  readonly kind: 'total' | 'loss' | 'gain';
  /** Where it stands, minor units. */
  readonly from: number;
  readonly to: number;
  /** Signed. */
  readonly amount: number;
  /** Of opening, signed. */
  readonly share: number;
  /** What it opens. */
  readonly part: Part | 'all';
}

export interface Waterfall {
  /** `change`: bars from 0 to NRR - 100. */
  readonly mode: 'whole' | 'change';
  readonly bars: readonly Bar[];
  readonly opening: number;
  /** Where what is kept without expansion stands; null where the parts do not make GRR. */
  readonly kept: number | null;
  /** Names what rounding leaves between the parts shown and the total shown; null: nothing. */
  readonly rounding: string | null;
}

/** Below this share of opening a bar can't be told from a line. */
const SMALL = 0.05;

const PARTS_MAKE_GRR: readonly DefinitionName[] = ['point_to_point', 'no_returners'];

/** Null where nothing was open. */
export function waterfallOf(row: RetentionRow, definition: DefinitionName): Waterfall | null {
  const opening = row.opening_arr_minor ?? 0;
  if (opening === 0) return null;
  const churn = row.churned_arr_minor ?? 0;
  const contraction = row.contraction_arr_minor ?? 0;
  const expansion = row.expansion_arr_minor ?? 0;
  const closing = row.closing_arr_minor ?? 0;
  const mode = [churn, contraction, expansion].every((part) => part < SMALL * opening)
    ? 'change'
    : 'whole';
  const base = mode === 'whole' ? opening : 0;
  const bar = (
    name: Bar['name'],
    kind: Bar['kind'],
    [from, to]: readonly [number, number],
    part: Bar['part'],
  ): Bar => ({ name, kind, from, to, amount: to - from, share: (to - from) / opening, part });
  const kept = base - churn - contraction;
  const bars = [
    bar('Churn', 'loss', [base, base - churn], 'churned'),
    bar('Contraction', 'loss', [base - churn, kept], 'contraction'),
    bar('Expansion', 'gain', [kept, kept + expansion], 'expansion'),
  ];
  const all =
    mode === 'whole'
      ? [
          bar('Opening', 'total', [0, opening], 'all'),
          ...bars,
          bar('Closing', 'total', [0, closing], 'all'),
        ]
      : [...bars, bar('Change', 'total', [0, closing - opening], 'all')];
  return {
    mode,
    bars: all,
    opening,
    kept: PARTS_MAKE_GRR.includes(definition) ? kept : null,
    rounding: roundingOf(bars, (closing - opening) / opening),
  };
}

/** Tenths of a point, as they are shown. */
const tenths = (share: number): number => Math.round(Number((share * 100).toFixed(1)) * 10);

function roundingOf(parts: readonly Bar[], change: number): string | null {
  const gap = tenths(change) - parts.reduce((sum, { share }) => sum + tenths(share), 0);
  return gap === 0 ? null : `rounding ${points(gap / 1_000)}`;
}

/** What every chart is: an SVG, and where its points stand in it. */

import { type Markish, type PlotOptions, plot } from '@observablehq/plot';

export interface Drawing {
  readonly element: Element;
  /** Along which axis points are read. */
  readonly along: 'x' | 'y';
  /** Of each point, px. */
  readonly places: readonly number[];
}

export type Draw = (width: number) => Drawing;

/** Text of charts, px. */
export const TEXT = 12;

/** Colours are the page's custom properties, so light and dark need no redrawing. */
export const INK = 'var(--ink)';
export const SOFT = 'var(--soft)';
export const LINE = 'var(--line)';
export const PAPER = 'var(--paper)';
export const FILL = {
  gain: 'var(--gain)',
  loss: 'var(--loss)',
  total: 'var(--total)',
  /** Hatches are of parts/Hatches.tsx. */
  contraction: 'url(#hatch-loss)',
  won: 'url(#dots-gain)',
} as const;

export function drawing(
  options: PlotOptions & { readonly marks: Markish[] },
  along: Drawing['along'],
  points: readonly unknown[],
): Drawing {
  const element = plot({
    className: 'plot',
    ...options,
    color: { type: 'identity' },
    style: { fontSize: `${TEXT}px` },
  });
  // A strict security policy refuses it; styles/charts.css says the same.
  element.querySelector('style')?.remove();
  const scale = element.scale(along);
  const half = (scale?.bandwidth ?? 0) / 2;
  return { element, along, places: points.map((point) => Number(scale?.apply(point)) + half) };
}

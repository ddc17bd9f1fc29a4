/** The waterfall: upright where there is room, lying on a phone. */

import {
  axisX,
  axisY,
  barX,
  barY,
  gridX,
  gridY,
  link,
  ruleX,
  ruleY,
  text,
} from '@observablehq/plot';
import { type Money, percent, points } from '../model/format.ts';
import type { Bar, Waterfall } from '../model/waterfall.ts';
import { type Draw, type Drawing, drawing, FILL, INK, LINE, PAPER, SOFT } from './drawing.ts';

/** Below this width bars lie. */
const UPRIGHT_FROM = 480;

interface Shown {
  readonly waterfall: Waterfall;
  readonly money: Money;
  /** The same as corrected since, as dashed outlines; null: no ghost. */
  readonly ghost: Waterfall | null;
}

const fillOf = ({ name, kind }: Bar): string =>
  name === 'Contraction' ? FILL.contraction : FILL[kind];

const strokeOf = ({ name, kind }: Bar): string => (name === 'Contraction' ? FILL.loss : FILL[kind]);

const top = ({ from, to }: Bar): number => Math.max(from, to);

const isChange = ({ kind, name }: Bar): boolean => kind !== 'total' || name === 'Change';

/** All of a waterfall in one unit. */
export const barMoney = (bar: Bar, { opening }: Waterfall, money: Money): string =>
  isChange(bar) ? money.signedScaled(bar.amount, opening) : money.scaled(bar.amount, opening);

export const barShare = (bar: Bar): string =>
  isChange(bar) ? points(bar.share) : percent(bar.share);

export const waterfallChart =
  (shown: Shown): Draw =>
  (width) =>
    width < UPRIGHT_FROM ? lying(shown, width) : upright(shown, width);

/** Where the axis reaches: from 0, with room for labels. */
function reach({ bars }: Waterfall, ghost: Waterfall | null): readonly [number, number] {
  const ends = [...bars, ...(ghost?.bars ?? [])].flatMap(({ from, to }) => [from, to, 0]);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const room = (most - least || 1) * 0.16;
  return [least < 0 ? least - room : 0, most + room];
}

const shareTick =
  ({ mode, opening }: Waterfall) =>
  (value: number): string =>
    mode === 'whole' ? `${Math.round((value / opening) * 100)}%` : points(value / opening);

/** Round shares of opening; a change has the ticks of its money. */
function shareTicks(waterfall: Waterfall, ghost: Waterfall | null, step = 0.2): number | number[] {
  if (waterfall.mode === 'change') return 5;
  const most = reach(waterfall, ghost)[1] / waterfall.opening;
  const ticks = Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step);
  return ticks.map((share) => share * waterfall.opening);
}

const connectors = ({ bars }: Waterfall): readonly { a: string; b: string; at: number }[] =>
  bars.slice(1).map((bar, index) => {
    const before = bars[index] as Bar;
    return { a: before.name, b: bar.name, at: before.to };
  });

function upright({ waterfall, money, ghost }: Shown, width: number): Drawing {
  const { bars, kept } = waterfall;
  const below = (bar: Bar): boolean => waterfall.mode === 'change' && bar.amount < 0;
  const label = (pick: (bar: Bar) => boolean, dy: number, words: (bar: Bar) => string) =>
    text(bars.filter(pick), {
      x: 'name',
      y: (bar: Bar) => (below(bar) ? Math.min(bar.from, bar.to) : top(bar)),
      text: words,
      dy,
      fill: INK,
      stroke: PAPER,
      strokeWidth: 4,
    });
  const above = (bar: Bar): boolean => !below(bar);
  return drawing(
    {
      width,
      height: 400,
      marginLeft: 56,
      marginRight: 52,
      marginTop: 12,
      marginBottom: 26,
      x: { type: 'band', domain: bars.map(({ name }) => name), padding: 0.35 },
      y: { domain: reach(waterfall, ghost) },
      marks: [
        gridY({ stroke: LINE, strokeOpacity: 1, ticks: 5 }),
        axisY({
          anchor: 'left',
          label: null,
          ticks: 5,
          tickSize: 0,
          tickFormat: (v: number) => money.tick(v),
          fill: SOFT,
        }),
        axisY({
          anchor: 'right',
          label: null,
          ticks: shareTicks(waterfall, ghost),
          tickSize: 0,
          tickFormat: shareTick(waterfall),
          fill: SOFT,
        }),
        axisX({ label: null, tickSize: 0, fill: INK }),
        link(connectors(waterfall), {
          x1: 'a',
          x2: 'b',
          y1: 'at',
          y2: 'at',
          stroke: SOFT,
          strokeWidth: 1,
        }),
        barY(bars, {
          x: 'name',
          y1: 'from',
          y2: 'to',
          fill: fillOf,
          stroke: strokeOf,
          strokeWidth: 1,
        }),
        ghost === null ? null : outlines(ghost),
        ruleY([0], { stroke: SOFT }),
        kept === null ? null : ruleY([kept], { stroke: INK, strokeDasharray: '6 3' }),
        kept === null
          ? null
          : text([kept], {
              x: () => 'Expansion',
              y: (v: number) => v,
              text: () => `GRR ${percent(keptRatio(waterfall))}`,
              dy: 11,
              fill: INK,
              stroke: PAPER,
              strokeWidth: 4,
            }),
        label(above, -24, (bar) => barMoney(bar, waterfall, money)),
        label(above, -10, barShare),
        label(below, kept === null ? 10 : 24, (bar) => barMoney(bar, waterfall, money)),
        label(below, kept === null ? 24 : 38, barShare),
      ],
    },
    'x',
    bars.map(({ name }) => name),
  );
}

const keptRatio = ({ mode, opening, kept }: Waterfall): number | null =>
  kept === null ? null : (mode === 'whole' ? kept : opening + kept) / opening;

const outlines = ({ bars }: Waterfall) =>
  barY(bars, {
    x: 'name',
    y1: 'from',
    y2: 'to',
    fill: 'none',
    stroke: INK,
    strokeWidth: 1.5,
    strokeDasharray: '4 3',
    insetLeft: -3,
    insetRight: -3,
  });

function lying({ waterfall, money, ghost }: Shown, width: number): Drawing {
  const { bars, kept } = waterfall;
  const domain = reach(waterfall, ghost);
  const names = bars.map(({ name }) => name);
  const line = (words: (bar: Bar) => string, right: boolean) =>
    text(bars, {
      y: 'name',
      frameAnchor: right ? 'right' : 'left',
      textAnchor: right ? 'end' : 'start',
      dx: right ? 12 : -14,
      text: words,
      dy: -15,
      fill: INK,
      stroke: PAPER,
      strokeWidth: 4,
    });
  return drawing(
    {
      width,
      height: bars.length * 54 + 66,
      marginLeft: 18,
      marginRight: 14,
      marginTop: 22,
      marginBottom: 44,
      x: { domain: [domain[0], domain[1] * 0.95] },
      y: { type: 'band', domain: names, padding: 0.04, axis: null },
      marks: [
        gridX({ stroke: LINE, strokeOpacity: 1, ticks: 4 }),
        axisX({
          anchor: 'bottom',
          label: null,
          ticks: 4,
          tickSize: 0,
          tickFormat: (v: number) => money.tick(v),
          fill: SOFT,
        }),
        axisX({
          anchor: 'bottom',
          label: null,
          ticks: shareTicks(waterfall, ghost, 0.5),
          tickSize: 0,
          tickPadding: 22,
          tickFormat: shareTick(waterfall),
          fill: SOFT,
        }),
        link(connectors(waterfall), { y1: 'a', y2: 'b', x1: 'at', x2: 'at', stroke: SOFT }),
        barX(bars, {
          y: 'name',
          x1: 'from',
          x2: 'to',
          fill: fillOf,
          stroke: strokeOf,
          insetTop: 24,
          insetBottom: 4,
        }),
        ghost === null
          ? null
          : barX(ghost.bars, {
              y: 'name',
              x1: 'from',
              x2: 'to',
              fill: 'none',
              stroke: INK,
              strokeDasharray: '4 3',
              insetTop: 21,
              insetBottom: 1,
            }),
        ruleX([0], { stroke: SOFT }),
        kept === null ? null : ruleX([kept], { stroke: INK, strokeDasharray: '6 3' }),
        kept === null
          ? null
          : text([kept], {
              x: (v: number) => v,
              frameAnchor: 'top',
              text: () => `GRR ${percent(keptRatio(waterfall))}`,
              textAnchor: kept > (domain[0] + domain[1]) / 2 ? 'end' : 'start',
              dy: -14,
              fill: INK,
            }),
        line(({ name }) => name, false),
        line((bar) => `${barMoney(bar, waterfall, money)}  ${barShare(bar)}`, true),
      ],
    },
    'y',
    names,
  );
}

/**
 * The waterfall of a board report as SVG: opening, losses, gains, closing, in money and in shares of
 * the opening. Every part is a bar of its own from zero; where all are under 5 % of the opening, the
 * change alone is drawn, for an axis is never cut. Sign and position repeat what colours say.
 */

import { type MoneyFormat, percent, points } from './format.ts';

/** Minor units; losses positive. */
export type Parts = Record<'opening' | 'churned' | 'contraction' | 'expansion' | 'closing', number>;

interface Bar {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly fill: string;
  readonly money: string;
  readonly share: string;
  /** Where the next bar goes on. */
  readonly end: number;
}

const BAR = 84;
const STEP = 116;
const TOP = 40;
const HEIGHT = 170;
const SMALL = 0.05;
const TOTAL = '#5B6570';

const y = (value: number, low: number, high: number): number =>
  Math.round(TOP + HEIGHT - ((value - low) / Math.max(high - low, 1)) * HEIGHT);

function barsOf(parts: Parts, money: MoneyFormat, whole: boolean): readonly Bar[] {
  const { opening, churned, contraction, expansion, closing } = parts;
  const from = whole ? opening : 0;
  const left = from - churned;
  const kept = left - contraction;
  const net = closing - opening;
  const part = (name: string, amount: number, low: number, end: number, fill: string): Bar => ({
    name,
    low,
    high: low + Math.abs(amount),
    fill,
    money: money.signed(amount),
    share: `${points(amount, opening)}pt`,
    end,
  });
  const total = (name: string, amount: number, share: string): Bar => ({
    name,
    low: 0,
    high: amount,
    fill: TOTAL,
    money: money.plain(amount),
    share,
    end: amount,
  });
  const moved = [
    part('Churn', -churned, left, left, '#B34A00'),
    part('Contraction', -contraction, kept, kept, 'url(#hatch)'),
    part('Expansion', expansion, kept, kept + expansion, '#0072B2'),
  ];
  if (!whole) return [...moved, part('Change', net, Math.min(net, 0), net, TOTAL)];
  const nrr = opening === 0 ? null : closing / opening;
  return [
    total('Opening', opening, opening === 0 ? percent(null) : '100.0%'),
    ...moved,
    total('Closing', closing, `NRR ${percent(nrr)}`),
  ];
}

export function waterfallSvg(parts: Parts, money: MoneyFormat): string {
  const { opening, churned, contraction, expansion } = parts;
  const whole =
    opening === 0 || [churned, contraction, expansion].some((part) => part >= opening * SMALL);
  const bars = barsOf(parts, money, whole);
  const low = Math.min(0, ...bars.map((bar) => bar.low));
  const high = Math.max(1, ...bars.map((bar) => bar.high));
  const width = bars.length * STEP;
  const text = (x: number, at: number, words: string, anchor = 'middle'): string =>
    `<text x="${x}" y="${at}" font-size="12" text-anchor="${anchor}">${words}</text>`;
  const line = (from: number, to: number, value: number, dashes: string): string =>
    `<line x1="${from}" x2="${to}" y1="${y(value, low, high)}" y2="${y(value, low, high)}" stroke="${TOTAL}"${dashes}/>`;
  const drawn = bars.map((bar, at) => {
    const x = at * STEP + (STEP - BAR) / 2;
    const [top, bottom] = [y(bar.high, low, high), y(bar.low, low, high)];
    const middle = x + BAR / 2;
    return (
      `<rect x="${x}" y="${top}" width="${BAR}" height="${bottom - top}" fill="${bar.fill}" stroke="${bar.fill === TOTAL ? TOTAL : 'none'}"/>` +
      `${text(middle, top - 18, bar.money)}${text(middle, top - 4, bar.share)}` +
      text(middle, TOP + HEIGHT + 18, bar.name) +
      (at === bars.length - 1 ? '' : line(x + BAR, x + STEP, bar.end, ''))
    );
  });
  const kept = opening - churned - contraction;
  const grr = whole && opening > 0;
  return (
    `<svg role="img" viewBox="0 0 ${width} ${HEIGHT + TOP + 26}" aria-label="From opening to closing ARR">` +
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse">' +
    '<path d="M0 6L6 0" stroke="#B34A00" stroke-width="2"/></pattern></defs>' +
    line(0, width, 0, '') +
    (grr
      ? line(STEP * 2, width, kept, ' stroke-dasharray="4 3"') +
        text(STEP * 3 - 8, y(kept, low, high) + 14, `GRR ${percent(kept / opening)}`, 'start')
      : '') +
    `${drawn.join('')}</svg>`
  );
}

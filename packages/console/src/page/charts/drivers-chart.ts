/** Drivers as bars from zero: losses to the left, gains to the right. */

import { barX, ruleX, type Text, text } from '@observablehq/plot';
import type { Driver } from '../model/answers.ts';
import { type Money, words } from '../model/format.ts';
import { type Draw, drawing, FILL, INK, SOFT } from './drawing.ts';

/** Below this width a row takes two lines. */
const ONE_LINE_FROM = 440;

/** Losses without a customer's leaving are hatched, as in the waterfall. */
const fillOf = ({ driver, amount_minor }: Driver): string => {
  if (amount_minor > 0) return FILL.gain;
  return driver === 'cancellation' ? FILL.loss : FILL.contraction;
};

export const driversChart =
  (drivers: readonly Driver[], money: Money): Draw =>
  (width) => {
    const amounts = drivers.map(({ amount_minor }) => amount_minor);
    const [least, most] = [Math.min(0, ...amounts), Math.max(0, ...amounts)];
    const lines = width < ONE_LINE_FROM ? twoLines(money) : oneLine(money);
    return drawing(
      {
        width,
        height: drivers.length * lines.row + 8,
        marginLeft: lines.left + (least < 0 ? lines.amount : 0),
        marginRight: 8 + (most > 0 ? lines.amount : 0),
        marginTop: 4,
        marginBottom: 4,
        x: { domain: [least, most === least ? 1 : most], axis: null },
        y: { type: 'band', domain: drivers.map(({ driver }) => driver), padding: 0.2, axis: null },
        marks: [
          barX(drivers, {
            y: 'driver',
            x: 'amount_minor',
            fill: fillOf,
            stroke: ({ amount_minor }: Driver) => (amount_minor > 0 ? FILL.gain : FILL.loss),
            insetTop: lines.above,
          }),
          ruleX([0], { stroke: SOFT }),
          text(drivers, {
            y: 'driver',
            frameAnchor: 'left',
            textAnchor: 'start',
            dx: 2 - (lines.left + (least < 0 ? lines.amount : 0)),
            dy: -lines.above,
            text: ({ driver }: Driver) => words(driver),
            fill: INK,
          }),
          ...lines.amounts(drivers),
        ],
      },
      'y',
      drivers.map(({ driver }) => driver),
    );
  };

/** How a row is laid out: px of the row, of names and amounts beside the bar, and above it. */
interface Lines {
  readonly row: number;
  readonly left: number;
  readonly amount: number;
  readonly above: number;
  readonly amounts: (drivers: readonly Driver[]) => readonly Text[];
}

const amountText =
  (money: Money) =>
  ({ amount_minor }: Driver): string =>
    money.signed(amount_minor);

/** Name, bar and, at the bar's end, its amount. */
const oneLine = (money: Money): Lines => ({
  row: 30,
  left: 110,
  amount: 88,
  above: 0,
  amounts: (drivers) =>
    [true, false].map((gains) =>
      text(
        drivers.filter(({ amount_minor }) => amount_minor > 0 === gains),
        {
          y: 'driver',
          x: 'amount_minor',
          text: amountText(money),
          textAnchor: gains ? 'start' : 'end',
          dx: gains ? 6 : -6,
          fill: INK,
        },
      ),
    ),
});

/** Name and amount above the bar. */
const twoLines = (money: Money): Lines => ({
  row: 48,
  left: 6,
  amount: 0,
  above: 18,
  amounts: (drivers) => [
    text(drivers, {
      y: 'driver',
      frameAnchor: 'right',
      textAnchor: 'end',
      dy: -18,
      text: amountText(money),
      fill: INK,
    }),
  ],
});

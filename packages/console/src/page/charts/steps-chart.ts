/** One customer's ARR as steps from zero, with the window shaded. */

import { areaY, axisX, axisY, dot, gridY, lineY, rectX, ruleY } from '@observablehq/plot';
import type { Step } from '../model/answers.ts';
import type { ArrPoint } from '../model/customer-steps.ts';
import type { Money } from '../model/format.ts';
import { type Draw, drawing, FILL, INK, LINE, SOFT } from './drawing.ts';

export interface Steps {
  readonly points: readonly ArrPoint[];
  readonly steps: readonly Step[];
  /** The window, UTC ms. */
  readonly window: { readonly from: number; readonly to: number } | null;
  readonly monthOf: (at: Date) => string;
}

const fillOf = ({ amount_minor }: Step): string => (amount_minor < 0 ? FILL.loss : FILL.gain);

export const stepsChart =
  ({ points, steps, window, monthOf }: Steps, money: Money): Draw =>
  (width) => {
    const date = ({ at }: ArrPoint): Date => new Date(at);
    return drawing(
      {
        width,
        height: 240,
        marginLeft: 56,
        marginRight: 16,
        marginTop: 12,
        marginBottom: 26,
        x: { type: 'utc' },
        y: { domain: [0, Math.max(...points.map(({ arr }) => arr), 1) * 1.1] },
        marks: [
          window === null
            ? null
            : rectX([window], {
                x1: ({ from }: { from: number }) => new Date(Math.max(from, points[0]?.at ?? from)),
                x2: ({ to }: { to: number }) => new Date(to),
                fill: 'var(--shade)',
              }),
          gridY({ stroke: LINE, strokeOpacity: 1, ticks: 4 }),
          axisY({
            label: null,
            ticks: 4,
            tickSize: 0,
            tickFormat: (v: number) => money.tick(v),
            fill: SOFT,
          }),
          axisX({
            label: null,
            ticks: Math.max(2, Math.floor(width / 110)),
            tickSize: 4,
            tickFormat: monthOf,
            fill: SOFT,
          }),
          areaY(points, {
            x: date,
            y: 'arr',
            curve: 'step-after',
            fill: FILL.total,
            fillOpacity: 0.25,
          }),
          lineY(points, { x: date, y: 'arr', curve: 'step-after', stroke: INK, strokeWidth: 1.5 }),
          dot(steps, {
            x: ({ effective_at }: Step) => new Date(effective_at),
            y: 'arr_after_minor',
            r: 4.5,
            fill: fillOf,
            stroke: 'var(--paper)',
          }),
          ruleY([0], { stroke: SOFT }),
        ],
      },
      'x',
      steps.map(({ effective_at }) => new Date(effective_at)),
    );
  };

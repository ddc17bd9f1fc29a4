/** NRR and GRR at month ends, and below it the flows of ARR, month under month. */

import { axisX, axisY, barY, dot, gridY, lineY, ruleX, ruleY, text } from '@observablehq/plot';
import type { BridgeRow } from '../model/answers.ts';
import type { Money } from '../model/format.ts';
import { type MonthPoint, ratioRange } from '../model/months.ts';
import { type Draw, drawing, FILL, INK, LINE, PAPER, SOFT } from './drawing.ts';

interface Months {
  readonly months: readonly MonthPoint[];
  /** As corrected since; null: no ghost. */
  readonly ghost: readonly MonthPoint[] | null;
  /** Names of the months in which a restatement was put in force. */
  readonly marked: readonly string[];
  /** The month's name, `Nov 2026`. */
  readonly nameOf: (asOf: string) => string;
}

const MARGIN = { marginLeft: 46, marginRight: 44 } as const;

/** Every so many months a name, so that names do not touch. */
const named = (names: readonly string[], width: number): readonly string[] => {
  const every = [1, 3, 6, 12].find((step) => (names.length / step) * 66 < width - 90) ?? 12;
  return names.filter((_, index) => (names.length - 1 - index) % every === 0);
};

/** A member with no opening ARR has no ratio then; NaN leaves the gap. */
const ratio = (value: number | null): number => value ?? Number.NaN;

export const monthsChart =
  ({ months, ghost, marked, nameOf }: Months): Draw =>
  (width) => {
    const names = months.map(({ asOf }) => nameOf(asOf));
    const x = ({ asOf }: MonthPoint): string => nameOf(asOf);
    const marks = names.filter((name) => marked.includes(name));
    const last = months.filter(({ nrr }) => nrr !== null).slice(-1);
    const range = ratioRange([...months, ...(ghost ?? [])].flatMap(({ nrr, grr }) => [nrr, grr]));
    const line = (
      points: readonly MonthPoint[],
      field: 'nrr' | 'grr',
      options: { readonly strokeDasharray?: string; readonly strokeOpacity?: number },
    ) =>
      lineY(points, { x, y: (point: MonthPoint) => ratio(point[field]), stroke: INK, ...options });
    const dots = (field: 'nrr' | 'grr', r: number) =>
      dot(months, {
        x,
        y: (point: MonthPoint) => ratio(point[field]),
        r,
        fill: ({ open }: MonthPoint) => (open ? PAPER : INK),
        stroke: INK,
        strokeWidth: 1.5,
      });
    const label = (field: 'nrr' | 'grr') =>
      text(last, {
        x,
        y: (point: MonthPoint) => ratio(point[field]),
        text: () => field.toUpperCase(),
        textAnchor: 'start',
        dx: 9,
        // The two may lie close together.
        dy: field === 'nrr' ? -4 : 4,
        fill: INK,
        fontWeight: field === 'nrr' ? 700 : 400,
      });
    return drawing(
      {
        width,
        height: 220,
        ...MARGIN,
        marginTop: 12,
        marginBottom: 26,
        x: { type: 'point', domain: names, padding: 0.5 },
        y: { domain: range },
        marks: [
          gridY({ stroke: LINE, strokeOpacity: 1, ticks: 5 }),
          axisY({ label: null, ticks: 5, tickSize: 0, tickFormat: '.0%', fill: SOFT }),
          axisX({ label: null, tickSize: 4, ticks: named(names, width), fill: SOFT }),
          ruleY([1], { stroke: SOFT, strokeWidth: 1.5 }),
          ruleX(marks, { x: (name: string) => name, stroke: SOFT, strokeDasharray: '1 3' }),
          text(marks, {
            x: (name: string) => name,
            text: () => '◆',
            frameAnchor: 'top',
            fill: INK,
          }),
          ghost === null
            ? null
            : line(ghost, 'nrr', { strokeDasharray: '2 3', strokeOpacity: 0.7 }),
          line(months, 'grr', { strokeDasharray: '6 3' }),
          line(months, 'nrr', {}),
          dots('grr', 2),
          dots('nrr', 3),
          label('nrr'),
          label('grr'),
        ],
      },
      'x',
      names,
    );
  };

interface Flow {
  readonly month: string;
  readonly amount: number;
  readonly fill: string;
  readonly stroke: string;
}

export const bridgeChart =
  (rows: readonly BridgeRow[], nameOf: (from: string) => string, money: Money): Draw =>
  (width) => {
    const names = rows.map(({ from }) => nameOf(from));
    const flows = rows.flatMap((row): Flow[] => {
      const flow = (amount: number, fill: string, stroke: string): Flow => ({
        month: nameOf(row.from),
        amount,
        fill,
        stroke,
      });
      return [
        flow(row.expansion_arr_minor, FILL.gain, FILL.gain),
        flow(row.new_arr_minor + row.reactivation_arr_minor, FILL.won, FILL.gain),
        flow(-row.churned_arr_minor, FILL.loss, FILL.loss),
        flow(-row.contraction_arr_minor, FILL.contraction, FILL.loss),
      ].filter(({ amount }) => amount !== 0);
    });
    return drawing(
      {
        width,
        height: 170,
        ...MARGIN,
        marginTop: 8,
        marginBottom: 26,
        x: { type: 'band', domain: names, padding: 0.3 },
        marks: [
          gridY({ stroke: LINE, strokeOpacity: 1, ticks: 4 }),
          axisY({
            label: null,
            ticks: 4,
            tickSize: 0,
            tickFormat: (v: number) => money.tick(v),
            fill: SOFT,
          }),
          axisX({ label: null, tickSize: 4, ticks: named(names, width), fill: SOFT }),
          barY(flows, {
            x: 'month',
            y: 'amount',
            fill: 'fill',
            stroke: 'stroke',
            strokeWidth: 0.5,
          }),
          ruleY([0], { stroke: SOFT }),
        ],
      },
      'x',
      names,
    );
  };

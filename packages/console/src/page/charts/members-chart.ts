/** Members as dots round the line of 100%; the base that weighs them stands beside. */

import { axisX, dot, gridX, link, ruleX, text } from '@observablehq/plot';
import { type Money, percent } from '../model/format.ts';
import type { Member } from '../model/members.ts';
import { type Draw, drawing, FILL, INK, LINE, SOFT } from './drawing.ts';

interface Range {
  readonly low: number;
  readonly high: number;
}

/** Below this width a row takes two lines. */
const ONE_LINE_FROM = 440;

const colour = ({ state, nrr }: Member): string => {
  if (state !== 'sound') return SOFT;
  return (nrr ?? 1) < 1 ? FILL.loss : FILL.gain;
};

const short = (name: string, most: number): string =>
  name.length > most ? `${name.slice(0, most - 1)}…` : name;

export const membersChart =
  (members: readonly Member[], { low, high }: Range, money: Money): Draw =>
  (width) => {
    const oneLine = width >= ONE_LINE_FROM;
    const clamped = (value: number | null): number =>
      Math.min(Math.max(value ?? Number.NaN, low), high);
    const there = members.filter(({ nrr }) => nrr !== null);
    const dy = oneLine ? 0 : 10;
    const anySmall = members.some(({ state }) => state === 'small');
    const right = oneLine ? (anySmall ? 252 : 176) : 6;
    const words = (
      value: (member: Member) => string,
      anchor: 'left' | 'right',
      dx: number,
      fill = INK,
    ) =>
      text(members, {
        y: 'name',
        frameAnchor: anchor,
        textAnchor: anchor === 'left' ? 'start' : 'end',
        text: value,
        dx,
        dy: oneLine ? 0 : -11,
        fill,
      });
    const ratios = ({ nrr, state }: Member): string =>
      state === 'small' ? `small base ${percent(nrr)}` : percent(nrr);
    return drawing(
      {
        width,
        height: members.length * (oneLine ? 30 : 48) + 26,
        marginLeft: oneLine ? 112 : 6,
        marginRight: right,
        marginTop: 0,
        marginBottom: 24,
        x: { domain: [low, high] },
        y: { type: 'band', domain: members.map(({ name }) => name), padding: 0, axis: null },
        marks: [
          gridX({ stroke: LINE, strokeOpacity: 1, ticks: 4 }),
          axisX({ label: null, ticks: 4, tickSize: 0, tickFormat: '.0%', fill: SOFT }),
          ruleX([1], { stroke: SOFT, strokeWidth: 1.5 }),
          link(there, {
            x1: 1,
            x2: ({ nrr }: Member) => clamped(nrr),
            y: 'name',
            stroke: colour,
            strokeWidth: 2,
            dy,
          }),
          dot(there, {
            x: ({ grr }: Member) => clamped(grr),
            y: 'name',
            symbol: 'times',
            r: 3.5,
            stroke: INK,
            dy,
          }),
          dot(there, {
            x: ({ nrr }: Member) => clamped(nrr),
            y: 'name',
            r: 5.5,
            fill: (member: Member) => (member.state === 'sound' ? colour(member) : 'var(--paper)'),
            stroke: colour,
            strokeWidth: 1.5,
            dy,
          }),
          words(({ name }) => short(name, oneLine ? 16 : 22), 'left', oneLine ? -108 : 0),
          oneLine
            ? words(ratios, 'right', right - 98)
            : words((member) => `${ratios(member)}  ${money.whole(member.base)}`, 'right', 0),
          oneLine ? words(({ base }) => money.whole(base), 'right', right - 2, SOFT) : null,
        ],
      },
      'y',
      members.map(({ name }) => name),
    );
  };

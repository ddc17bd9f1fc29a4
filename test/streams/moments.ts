/**
 * How a stream picks its instants: as small plain data first (so that a failing stream shrinks to
 * simple ones), turned into an instant when the stream is built and it is known what came before.
 */

import * as fc from 'fast-check';
import { nearWindowEnd, windowStart } from '../reference/calendar.ts';
import type { Scene } from './scenes.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Milliseconds beside a notable instant: mostly none, else right at its edge or hours off. */
export const shiftArbitrary = fc.constantFrom(
  0,
  0,
  0,
  1,
  -1,
  -HOUR,
  HOUR / 2,
  2 * HOUR + HOUR / 2,
  15 * HOUR,
  DAY - 1,
  DAY,
  -DAY - 1,
);

/**
 * - `now`: when the stream has come to
 * - `step`: some anchors of the scene away from there
 * - `mentioned`: an instant named earlier in the stream, or one window before or after it
 */
export type Moment =
  | { readonly kind: 'now'; readonly shift: number }
  | { readonly kind: 'step'; readonly steps: number; readonly shift: number }
  | {
      readonly kind: 'mentioned';
      readonly back: number;
      readonly windows: -1 | 0 | 1;
      readonly window: number;
      readonly shift: number;
    };

const now = fc.record({ kind: fc.constant('now' as const), shift: shiftArbitrary });
const step = (least: number, most: number) =>
  fc.record({
    kind: fc.constant('step' as const),
    steps: fc.integer({ min: least, max: most }),
    shift: shiftArbitrary,
  });
const mentioned = fc.record({
  kind: fc.constant('mentioned' as const),
  back: fc.nat(12),
  windows: fc.constantFrom(0 as const, 1 as const, -1 as const),
  window: fc.nat(3),
  shift: fc.constantFrom(0, 0, 1, -1),
});

/** Mostly the present, often an edge, sometimes the past or the future. */
export const momentArbitrary: fc.Arbitrary<Moment> = fc.oneof(
  { arbitrary: now, weight: 4 },
  { arbitrary: mentioned, weight: 3 },
  { arbitrary: step(-40, 40), weight: 2 },
);

export const pastArbitrary: fc.Arbitrary<Moment> = fc.oneof(mentioned, step(-60, -1));
export const futureArbitrary: fc.Arbitrary<Moment> = fc.oneof(step(1, 60), mentioned);

/** What an instant may refer to. */
export interface Timeline {
  readonly scene: Scene;
  readonly windows: readonly string[];
  /** Index of the anchor that the stream has come to. */
  readonly position: number;
  /** Instants named so far, the latest last. */
  readonly mentioned: readonly number[];
}

const clamp = (value: number, least: number, most: number): number =>
  Math.min(Math.max(value, least), most);

const anchorAt = ({ scene }: Timeline, position: number): number =>
  scene.anchors[clamp(position, 0, scene.anchors.length - 1)]!;

export const presentOf = (timeline: Timeline): number => anchorAt(timeline, timeline.position);

export const resolveMoment = (moment: Moment, timeline: Timeline): number => {
  if (moment.kind === 'now') return presentOf(timeline) + moment.shift;
  if (moment.kind === 'step') {
    return anchorAt(timeline, timeline.position + moment.steps) + moment.shift;
  }
  const named = timeline.mentioned[timeline.mentioned.length - 1 - moment.back];
  const from = named ?? presentOf(timeline);
  const window = timeline.windows[moment.window % timeline.windows.length]!;
  const zone = timeline.scene.zone;
  if (moment.windows === 0) return from + moment.shift;
  if (moment.windows === 1) return nearWindowEnd(zone, window, from) + moment.shift;
  return windowStart(zone, window, from) + moment.shift;
};

/**
 * What may happen in a stream, as small plain data that shrinks: a change, a word about who the
 * customer is, or something about an earlier record (`back` counts from the latest one).
 *
 * - `repeat`: the same event again
 * - `correct`: a higher version, mostly of the past; `late`: a lower version
 * - `tie`, `move_tie`: other content under the same version and recorded_at, also elsewhere in time
 * - `return`: ends and comes back; `swap`: ends, and another subscription begins at that instant
 */

import * as fc from 'fast-check';
import { contentArbitrary, scheduleArbitrary } from './items.ts';
import { DAY, HOUR, momentArbitrary, pastArbitrary } from './moments.ts';

/** How much later or earlier than the stream's present a source says it wrote a record. */
const recordedShift = fc.oneof(
  { arbitrary: fc.constant(0), weight: 5 },
  { arbitrary: fc.constantFrom(1, -1, HOUR, -HOUR, -10 * DAY, -100 * DAY), weight: 3 },
  { arbitrary: fc.constantFrom(-500 * DAY, DAY), weight: 1 },
);

const attributesArbitrary = fc.array(
  fc.tuple(
    fc.oneof({ arbitrary: fc.constant(0), weight: 2 }, fc.nat(2)),
    fc.constantFrom('smb', 'enterprise', '', 'unknown', 'other'),
  ),
  { maxLength: 3, size: 'max' },
);

/** How far the stream's present moves on before the intent, in anchors. */
const ahead = fc.oneof({ arbitrary: fc.nat(3), weight: 4 }, { arbitrary: fc.nat(40), weight: 1 });

const subject = {
  ahead,
  customer: fc.nat(2),
  subscription: fc.nat(2),
  source: fc.nat(2),
  recorded: recordedShift,
};

const change = fc.record({
  ...subject,
  kind: fc.constant('change' as const),
  effective: momentArbitrary,
  content: contentArbitrary,
  scheduled: scheduleArbitrary,
});

const classify = fc.record({
  ...subject,
  kind: fc.constant('classify' as const),
  effective: momentArbitrary,
  attributes: attributesArbitrary,
  name: fc.constantFrom(null, 'Fjord', 'Cedar'),
});

/** Everything about an earlier record that a new one of the same subject may say otherwise. */
const earlier = {
  ahead,
  back: fc.nat(8),
  recorded: recordedShift,
  effective: pastArbitrary,
  content: contentArbitrary,
  scheduled: scheduleArbitrary,
  attributes: attributesArbitrary,
};

const again = fc.record({
  ...earlier,
  kind: fc.constantFrom(
    'repeat' as const,
    'correct' as const,
    'late' as const,
    'tie' as const,
    'move_tie' as const,
    'return' as const,
  ),
});

const swap = fc.record({
  ...earlier,
  kind: fc.constant('swap' as const),
  subscription: fc.nat(2),
});

export const intentArbitrary = fc.oneof(
  { arbitrary: change, weight: 6 },
  { arbitrary: again, weight: 5 },
  { arbitrary: classify, weight: 3 },
  { arbitrary: swap, weight: 1 },
);

export type Intent = typeof intentArbitrary extends fc.Arbitrary<infer Value> ? Value : never;
/** An intent about an earlier record. */
export type Again = Extract<Intent, { readonly back: number }>;

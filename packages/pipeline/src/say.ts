/** One change said: on its way to the output log, and counted. */

import type { Change } from '@holdfast/domain/changes.ts';
import type { RecordCause } from '@holdfast/domain/customer.ts';
import { MOVEMENTS } from './counters.ts';
import type { DeltaWriter } from './deltas.ts';
import type { Machine, Partition } from './partition.ts';

/** Known a day after it holds, a movement has been missing in what was shown meanwhile. */
const LATE_MS = 86_400_000;

export function say(
  { topic }: Machine,
  { partition, counters }: Partition,
  writer: DeltaWriter,
  change: Change,
  { eventId, source, offset: at, knownAt }: RecordCause,
): void {
  writer.write(change, { eventId, source, topic, partition, offset: at }, knownAt);
  if (change.kind !== 'movement') return;
  const { movement, effectiveAt, arrAfterMinor, arrBeforeMinor } = change.movement;
  const moved = Math.abs(arrAfterMinor - arrBeforeMinor);
  if (change.op === 'retract') counters.add('arr:corrected', moved);
  else counters.add(MOVEMENTS[movement], moved);
  if (change.op === 'assert' && knownAt - effectiveAt >= LATE_MS) counters.add('arr:late', moved);
}

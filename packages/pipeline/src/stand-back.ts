/**
 * The pause of an owner that was fenced. It ends late where deltas of another are on their way: a
 * promotion of millions of customers takes longer than the pause, and opening the output in
 * the middle would undo it, again and again.
 */

import { isHoldfastError } from '@holdfast/domain/errors.ts';
import type { Clock, DeltaSink } from './ports.ts';

/** Longer than the group takes to miss a member, and that member to learn of it. */
const PAUSE_MS = 15_000;
/** Then whoever began them has died. */
const MOST_PAUSES = 4;

export async function standBack(
  { clock, sink }: { readonly clock: Clock; readonly sink: DeltaSink },
  partition: number,
  signal: AbortSignal,
): Promise<void> {
  for (let pauses = 1; ; pauses += 1) {
    await clock.wait(PAUSE_MS, signal);
    if (signal.aborted || pauses === MOST_PAUSES) return;
    if (!(await isUnderWay(sink, partition))) return;
  }
}

/** What can't be known is asked by the next claim, which is patient. */
async function isUnderWay(sink: DeltaSink, partition: number): Promise<boolean> {
  try {
    return await sink.isUnderWay(partition);
  } catch (error) {
    if (isHoldfastError(error) && error.retry) return false;
    throw error;
  }
}

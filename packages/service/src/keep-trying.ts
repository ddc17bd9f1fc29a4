/**
 * Start-up against a world that may not be there yet: the same call again until it succeeds, and
 * somebody is told what is waited for. Never tries again what trying again can't help.
 */

import { type HoldfastError, isHoldfastError } from '@holdfast/domain/errors.ts';
import type { Clock } from '@holdfast/pipeline/ports.ts';

export interface Patience {
  readonly clock: Pick<Clock, 'wait'>;
  readonly stop: AbortSignal;
  /** Why it did not succeed so far, again only when that changes; null: it did. */
  readonly waitingFor: (error: HoldfastError | null) => void;
}

const RETRY_MS = 1_000;

/** The first success. Throws what can't be helped, and the signal's reason once it is raised. */
export async function keepTrying<Answer>(
  { clock, stop, waitingFor }: Patience,
  call: () => Promise<Answer>,
): Promise<Answer> {
  let said: string | null = null;
  for (;;) {
    stop.throwIfAborted();
    try {
      const answer = await call();
      waitingFor(null);
      return answer;
    } catch (error) {
      if (!isHoldfastError(error) || !error.retry) throw error;
      if (said !== error.message) waitingFor(error);
      said = error.message;
      await clock.wait(RETRY_MS, stop);
    }
  }
}

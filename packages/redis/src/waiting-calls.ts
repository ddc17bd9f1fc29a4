/**
 * Calls that wait for Redis: each ends after a while, whatever the client still tries, and all of
 * them at once when it is known that no answer will come.
 */

/** A call fails after so long. */
const CALL_TIMEOUT_MS = 15_000;

export interface WaitingCalls {
  within<Answer>(call: Promise<Answer>): Promise<Answer>;
  /** Every call that waits now fails with it. */
  fail(error: Error): void;
}

export const waitingCalls = (): WaitingCalls => {
  const waiting = new Set<(error: Error) => void>();
  return {
    within: async (call) => {
      const { promise: given, reject } = Promise.withResolvers<never>();
      const late = (): void => reject(new Error(`no answer within ${CALL_TIMEOUT_MS} ms`));
      const timer = setTimeout(late, CALL_TIMEOUT_MS);
      waiting.add(reject);
      try {
        return await Promise.race([call, given]);
      } finally {
        clearTimeout(timer);
        waiting.delete(reject);
      }
    },
    fail: (error) => {
      for (const reject of waiting) reject(error);
    },
  };
};

/** What a run of the tests came to, and the line that says so. */

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Why services could not be had; null where they were, or where no test needed them. */
  readonly missing: string | null;
}

/** Reads what the reporter sent; null for anything else. */
export const asOutcome = (message: unknown): Outcome | null =>
  typeof message === 'object' && message !== null && 'outcome' in message
    ? (message.outcome as Outcome)
    : null;

/** The last line of the output: scripts read it, so it never changes its form. */
export const lastLine = ({ passed, failed, skipped }: Outcome): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/**
 * The outcome once Vitest has ended. A run in which nothing ran has shown nothing, and an exit code
 * that no test accounts for (a file or a setup that could not be loaded) hides something: each
 * counts as one failure.
 */
export const settle = (reported: Outcome | null, exitCode: number): Outcome => {
  const outcome = reported ?? { passed: 0, failed: 0, skipped: 0, missing: null };
  const unexplained = exitCode !== 0 || outcome.passed === 0;
  return outcome.failed === 0 && unexplained ? { ...outcome, failed: 1 } : outcome;
};

import { describe, expect, test } from 'vitest';
import { lastLine, type Outcome, settle } from './outcome.ts';

const outcome = (passed: number, failed: number, skipped = 0): Outcome => ({
  passed,
  failed,
  skipped,
  missing: null,
});

describe('the last line', () => {
  test('names what was skipped only where something was', () => {
    expect(lastLine(outcome(3, 1))).toBe('3 passed, 1 failed');
    expect(lastLine(outcome(3, 0, 2))).toBe('3 passed, 0 failed, 2 skipped');
  });
});

describe('a run', () => {
  test.each([
    ['that passed', outcome(3, 0), 0, outcome(3, 0)],
    ['with failures', outcome(3, 2), 1, outcome(3, 2)],
    ['whose exit code no test accounts for has one failure', outcome(3, 0), 1, outcome(3, 1)],
    ['in which nothing ran has one failure', outcome(0, 0, 5), 0, outcome(0, 1, 5)],
    ['that never reported has one failure', null, 0, outcome(0, 1)],
  ])('%s', (_what, reported, exitCode, settled) => {
    expect(settle(reported, exitCode)).toEqual(settled);
  });
});

import { describe, expect, it } from 'vitest';
import { ERRORS, HoldfastError, isHoldfastError } from './errors.ts';

describe('an error raised on purpose', () => {
  it('says what happened, with its details, its code and its cause', () => {
    const cause = new Error('below');
    const error = new HoldfastError('bad_file', 'events.jsonl', { cause });
    expect(error.message).toBe('a file cannot be read: events.jsonl');
    expect([error.name, error.code, error.cause]).toEqual(['HoldfastError', 'bad_file', cause]);
  });

  it('says whether trying again can help', () => {
    expect(new HoldfastError('input_unavailable', '').retry).toBe(true);
    expect(new HoldfastError('policy_changed', '').retry).toBe(false);
  });

  it('is told from any other error, and from one of another code', () => {
    const error = new HoldfastError('fenced', 'partition 3');
    expect(isHoldfastError(error)).toBe(true);
    expect(isHoldfastError(error, 'fenced')).toBe(true);
    expect(isHoldfastError(error, 'clock_ahead')).toBe(false);
    expect(isHoldfastError(new Error('fenced'))).toBe(false);
    expect(isHoldfastError(undefined, 'fenced')).toBe(false);
  });

  it.each(Object.entries(ERRORS))('has words for people: %s', (_, { summary, action }) => {
    expect(summary).toMatch(/^[a-z].*[^.]$/);
    expect(action).toMatch(/^[A-Z].*\.$/);
  });

  it('may pass by itself only where the world outside is what fails, or decides', () => {
    const retried = Object.entries(ERRORS).filter(([, { retry }]) => retry);
    expect(retried.map(([code]) => code).sort()).toEqual([
      'clock_ahead',
      'generation_not_live',
      'input_unavailable',
      'output_unavailable',
      'publish_in_doubt',
      'registry_unavailable',
      'service_failed',
      'store_unavailable',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { clockSetting, readInstant } from './clock.ts';

describe('an instant', () => {
  it.each([
    ['2026-11-22T10:00:00Z', Date.UTC(2026, 10, 22, 10)],
    ['2026-11-22T10:00Z', Date.UTC(2026, 10, 22, 10)],
    ['2026-11-22T10:00:00.25+02:00', Date.UTC(2026, 10, 22, 8, 0, 0, 250)],
    ['2026-11-22T10:00:00-05:30', Date.UTC(2026, 10, 22, 15, 30)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  ])('%s is read', (text, expected) => {
    expect(readInstant(text)).toBe(expected);
  });

  it.each([
    '2026-11-22',
    '2026-11-22T10:00:00',
    '2026-02-29T00:00:00Z',
    '2026-11-31T00:00:00Z',
    '2026-11-22T24:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-22T10:00:00+24:00',
    ' 2026-11-22T10:00:00Z',
  ])('%s is not', (text) => {
    expect(readInstant(text)).toBeUndefined();
  });
});

describe('a clock', () => {
  it('is the wall, one instant, or one that runs faster', () => {
    const at = Date.UTC(2026, 10, 22);
    expect(clockSetting.schema.parse('wall')).toEqual({ kind: 'wall' });
    expect(clockSetting.schema.parse('fixed:2026-11-22T00:00:00Z')).toEqual({ kind: 'fixed', at });
    expect(clockSetting.schema.parse('from:2026-11-22T00:00:00Z,speed:0.5')).toEqual({
      kind: 'from',
      from: at,
      speed: 0.5,
    });
  });
});

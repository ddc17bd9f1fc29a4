import { expect, test } from 'vitest';
import { type Command, commandOf, KEY_HELP, moved, type Pressed } from './keys.ts';
import { FIRST_VIEW, type View } from './view.ts';

const key = (name: string, more: Partial<Pressed> = {}): Pressed => ({
  key: name,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...more,
});
const pressed = (name: string): Command => commandOf(key(name), false, false) as Command;
const PRESENT = { windows: ['P1M', 'P3M', 'P12M'], today: '2026-11-22' };

/** The view after keys, one after another. */
const after = (keys: readonly string[], from: View = FIRST_VIEW): View =>
  keys.reduce(
    (view, name) => moved(view, pressed(name), { ...PRESENT, day: view.asOf ?? PRESENT.today }),
    from,
  );

test('digits choose the window; one that is not there changes nothing', () => {
  expect(after(['1']).window).toBe('P1M');
  expect(moved(FIRST_VIEW, pressed('3'), { ...PRESENT, windows: ['P1M'], day: '' })).toBe(
    FIRST_VIEW,
  );
});

test('brackets go by days and end at now', () => {
  expect(after(['[']).asOf).toBe('2026-11-21');
  expect(after(['[', '[', ']']).asOf).toBe('2026-11-21');
  expect(after(['[', ']']).asOf).toBeNull();
  expect(after([']']).asOf).toBeNull();
});

test('braces go from month end to month end', () => {
  expect(after(['{']).asOf).toBe('2026-10-31');
  expect(after(['{', '{']).asOf).toBe('2026-09-30');
  expect(after(['{', '{', '}']).asOf).toBe('2026-10-31');
  expect(after(['{', '}']).asOf).toBeNull();
  expect(after(['}'], { ...FIRST_VIEW, asOf: '2026-06-10' }).asOf).toBe('2026-06-30');
});

test('n, k and t do what the help says', () => {
  expect(after(['[', 'n']).asOf).toBeNull();
  expect(after(['k']).known).toBe(true);
  expect(after(['t', 't']).table).toBe(false);
});

test('nothing happens while something is typed, with Ctrl, or switched off but for Escape', () => {
  expect(commandOf(key('k'), true, false)).toBeNull();
  expect(commandOf(key('k', { ctrlKey: true }), false, false)).toBeNull();
  expect(commandOf(key('k'), false, true)).toBeNull();
  expect(commandOf(key('Escape'), false, true)).toEqual({ kind: 'up' });
  expect(commandOf(key('[', { altKey: true }), false, false)).not.toBeNull();
});

test('the help names every single key that acts', () => {
  const named = KEY_HELP.flatMap(([keys]) => keys.split(' '));
  for (const name of ['1', '2', '3', '[', ']', '{', '}', 'n', 'k', 't', 'p', '/', '?']) {
    expect(named).toContain(name);
    expect(commandOf(key(name), false, false)).not.toBeNull();
  }
});

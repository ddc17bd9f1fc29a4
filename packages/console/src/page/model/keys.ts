/** What a key does. Keys can be switched off, and never act while something is typed. */

import { monthEnd, shiftDays } from './dates.ts';
import { up, type View } from './view.ts';

export type Command =
  | { readonly kind: 'window'; readonly index: number }
  | { readonly kind: 'day' | 'month'; readonly by: 1 | -1 }
  | { readonly kind: 'now' | 'known' | 'table' | 'up' | 'pause' | 'find' | 'help' };

const KEYS: Readonly<Record<string, Command>> = {
  1: { kind: 'window', index: 0 },
  2: { kind: 'window', index: 1 },
  3: { kind: 'window', index: 2 },
  '[': { kind: 'day', by: -1 },
  ']': { kind: 'day', by: 1 },
  '{': { kind: 'month', by: -1 },
  '}': { kind: 'month', by: 1 },
  n: { kind: 'now' },
  k: { kind: 'known' },
  t: { kind: 'table' },
  p: { kind: 'pause' },
  '/': { kind: 'find' },
  '?': { kind: 'help' },
  Escape: { kind: 'up' },
};

export const KEY_HELP: readonly (readonly [keys: string, does: string])[] = [
  ['1 2 3', 'window'],
  ['[ ]', 'a day back, a day on'],
  ['{ }', 'the month end before, the one after'],
  ['n', 'now'],
  ['k', 'as known then, or as corrected since'],
  ['t', 'charts as tables'],
  ['p', 'pause, go on'],
  ['/', 'find a customer'],
  ['← →', 'read the points of a chart; Enter opens one'],
  ['Esc', 'one level up'],
  ['?', 'this help'],
];

export interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** Null where the key means nothing here. `switchedOff` leaves only Escape. */
export function commandOf(pressed: Pressed, typing: boolean, switchedOff: boolean): Command | null {
  const { key, ctrlKey, metaKey } = pressed;
  // Alt stays: on several keyboards it makes the brackets.
  if (typing || ctrlKey || metaKey) return null;
  const command = Object.hasOwn(KEYS, key) ? (KEYS[key] as Command) : null;
  return switchedOff && command?.kind !== 'up' ? null : command;
}

export interface Present {
  readonly windows: readonly string[];
  /** The newest day, in the policy's time zone. */
  readonly today: string;
  /** The day shown. */
  readonly day: string;
}

/** The view after a command that moves it; the others are the page's own. */
export function moved(view: View, command: Command, { windows, today, day }: Present): View {
  const at = (next: string): View => ({ ...view, asOf: next >= today ? null : next });
  switch (command.kind) {
    case 'window': {
      const window = windows[command.index];
      return window === undefined ? view : { ...view, window };
    }
    case 'day':
      return view.asOf === null && command.by > 0 ? view : at(shiftDays(day, command.by));
    case 'month': {
      if (view.asOf === null && command.by > 0) return view;
      const isEnd = monthEnd(day, 0) === day;
      return at(monthEnd(day, command.by > 0 ? (isEnd ? 1 : 0) : -1));
    }
    case 'now':
      return { ...view, asOf: null };
    case 'known':
      return { ...view, known: !view.known };
    case 'table':
      return { ...view, table: !view.table };
    case 'up':
      return up(view);
    case 'pause':
    case 'find':
    case 'help':
      return view;
  }
}

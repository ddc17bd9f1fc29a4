/**
 * A bar on the terminal while something long is done. Appears when it has taken two seconds, is
 * gone when it is done, and never appears where nothing can be redrawn.
 */

import type { World } from './world.ts';

const SILENT_MS = 2000;
const REDRAW_MS = 100;
const WIDTH = 24;

/** What is done, and how much of it there is. */
export interface Task {
  /** Such as `reading events.jsonl`. */
  readonly doing: string;
  /** 0 where it is not known, as of a pipe. */
  readonly total: number;
  /** How an amount of it is shown. */
  readonly amount: (done: number) => string;
}

export interface Progress {
  readonly add: (amount: number) => void;
  readonly end: () => void;
}

export function progress(world: World, { doing, total, amount }: Task): Progress {
  const { redraw, now } = world;
  if (redraw === null) return { add: () => {}, end: () => {} };
  const begun = now();
  let done = 0;
  let drawn: number | null = null;
  return {
    add: (more) => {
      done += more;
      const at = now();
      if (at - begun < SILENT_MS || (drawn !== null && at - drawn < REDRAW_MS)) return;
      drawn = at;
      redraw(`${doing} ${total === 0 ? '' : bar(done / total)}${amount(done)}`);
    },
    end: () => {
      if (drawn !== null) redraw('');
    },
  };
}

function bar(share: number): string {
  const part = Math.min(share, 1);
  return `[${'='.repeat(Math.floor(part * WIDTH)).padEnd(WIDTH)}] ${Math.floor(part * 100)}% `;
}

const grouped = (count: number): string => Math.floor(count).toLocaleString('en-US');

export const megabytes = (bytes: number): string => `${grouped(bytes / 1e6)} MB`;

export const records = (count: number): string => `${grouped(count)} records`;

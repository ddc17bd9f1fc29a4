/**
 * A bar on the terminal while a large file is read. Appears when it has taken two seconds, is gone
 * when the file is read, and never appears where nothing can be redrawn.
 */

import type { World } from './world.ts';

const SILENT_MS = 2000;
const REDRAW_MS = 100;
const WIDTH = 24;

export interface Progress {
  readonly add: (bytes: number) => void;
  readonly end: () => void;
}

/** `totalBytes` is 0 where it is not known, as of a pipe. */
export function progress(world: World, file: string, totalBytes: number): Progress {
  const { redraw, now } = world;
  if (redraw === null) return { add: () => {}, end: () => {} };
  const begun = now();
  let done = 0;
  let drawn: number | null = null;
  return {
    add: (bytes) => {
      done += bytes;
      const at = now();
      if (at - begun < SILENT_MS || (drawn !== null && at - drawn < REDRAW_MS)) return;
      drawn = at;
      redraw(`reading ${file} ${bar(done, totalBytes)}`);
    },
    end: () => {
      if (drawn !== null) redraw('');
    },
  };
}

function bar(done: number, total: number): string {
  const read = `${Math.floor(done / 1e6).toLocaleString('en-US')} MB`;
  if (total === 0) return read;
  const part = Math.min(done / total, 1);
  const filled = '='.repeat(Math.floor(part * WIDTH)).padEnd(WIDTH);
  return `[${filled}] ${Math.floor(part * 100)}% ${read}`;
}

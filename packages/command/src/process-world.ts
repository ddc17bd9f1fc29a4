/** The world of a real process: its streams and the wall clock. */

import type { World } from './world.ts';

export function processWorld({ stdout, stderr, env, exit }: NodeJS.Process): World {
  // Whoever reads a pipe may stop early (`| head`): that ends the call, it is no error.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    exit();
  });
  const plain = !stderr.isTTY || env.TERM === 'dumb' || (env.NO_COLOR ?? '') !== '';
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    redraw: plain ? null : (text) => void stderr.write(`\r\u001b[K${text}`),
    now: Date.now,
  };
}

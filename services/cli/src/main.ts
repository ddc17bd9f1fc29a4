/** The command line's process: real streams and clock, and nothing else. */

import { run } from './run.ts';
import type { World } from './world.ts';

const { stdout, stderr, env, argv } = process;

// Whoever reads a pipe may stop early (`| head`): that ends the call, it is no error.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const plain = !stderr.isTTY || env.TERM === 'dumb' || (env.NO_COLOR ?? '') !== '';
const world: World = {
  out: (text) => void stdout.write(text),
  err: (text) => void stderr.write(text),
  redraw: plain ? null : (text) => void stderr.write(`\r\u001b[K${text}`),
  now: Date.now,
};

process.exitCode = await run(argv.slice(2), world);

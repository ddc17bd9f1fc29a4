/**
 * Private ports on this machine. They lie below the range from which the kernel takes the near end
 * of outgoing connections, so that a server that is down for a moment finds its port free again.
 */

import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const LOWEST = 20_000;
const BEYOND = 32_000;

const handedOut = new Set<number>();

/** Whether nobody listens on the port just now. */
export const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      probe.close(() => resolve(true));
    });
  });

/** A port that nobody listens on, never the same twice in one process. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = randomInt(LOWEST, BEYOND);
    if (handedOut.has(port)) {
      continue;
    }
    handedOut.add(port);
    if (await isFree(port)) {
      return port;
    }
  }
};

export const freePorts = (count: number): Promise<readonly number[]> =>
  Promise.all(Array.from({ length: count }, freePort));

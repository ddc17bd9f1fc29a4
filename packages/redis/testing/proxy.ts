/**
 * A TCP proxy before a Redis: loses answers, and leads to another server as a failover does. Made
 * for tests.
 */

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface Proxy {
  readonly url: string;
  /** New connections lead there; those that are open are cut. */
  leadTo(port: number): void;
  /** Cuts all connections and refuses new ones. */
  goDown(): Promise<void>;
  comeUp(): Promise<void>;
  /**
   * The next request goes through, but its answer is lost with the connection. Resolves when that
   * has happened.
   */
  loseNextAnswer(): Promise<void>;
  close(): Promise<void>;
}

export const startProxy = async (firstPort: number): Promise<Proxy> => {
  let port = firstPort;
  let lost: (() => void) | null = null;
  const open = new Set<Socket>();

  const server = createServer((client) => {
    const upstream = connect({ host: '127.0.0.1', port });
    const end = (): void => {
      client.destroy();
      upstream.destroy();
      open.delete(client);
    };
    open.add(client);
    client.on('close', end).on('error', end);
    upstream.on('close', end).on('error', end);
    client.pipe(upstream);
    upstream.on('data', (bytes) => {
      if (lost === null) {
        client.write(bytes);
        return;
      }
      const told = lost;
      lost = null;
      end();
      told();
    });
  });
  const listen = async (on: number): Promise<void> => {
    server.listen(on, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  const cut = (): void => {
    for (const client of open) client.destroy();
  };
  const goDown = async (): Promise<void> => {
    cut();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  return {
    url: `redis://127.0.0.1:${address.port}`,
    leadTo: (other) => {
      port = other;
      cut();
    },
    loseNextAnswer: () =>
      new Promise((resolve) => {
        lost = resolve;
      }),
    goDown,
    comeUp: () => listen(address.port),
    close: goDown,
  };
};

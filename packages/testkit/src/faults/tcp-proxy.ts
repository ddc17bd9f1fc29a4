/**
 * A TCP proxy before a real server: cuts the way to it, makes it slow, lets nothing through, loses
 * answers, or leads to another server as a failover does. Knows nothing of what passes.
 */

import { once } from 'node:events';
import { createServer, connect as openSocket, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../launchers/ports.ts';

export interface TcpProxy {
  /** `host:port`. */
  readonly address: string;
  /** New connections lead to this `host:port`; those that are open are cut, or stay where they are. */
  leadTo(target: string, open?: 'cut' | 'stay'): void;
  /** Cuts all connections and refuses new ones. */
  goDown(): Promise<void>;
  comeUp(): Promise<void>;
  /** From now on nothing passes and nothing is cut, as where packets are lost. */
  hold(): void;
  /** What was held passes on. */
  release(): void;
  /** Everything takes so long each way, ms. */
  slow(ms: number): void;
  /**
   * The next request goes through, but its answer is lost with the connection. Resolves when that
   * has happened.
   */
  loseNextAnswer(): Promise<void>;
  /** How many connections are open now. */
  connections(): number;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

const placeOf = (address: string): { readonly host: string; readonly port: number } => {
  const { hostname, port } = new URL(`tcp://${address}`);
  return { host: hostname, port: Number(port) };
};

/** Without a target it cuts every connection until `leadTo` names one. */
export const startTcpProxy = async (firstTarget?: string): Promise<TcpProxy> => {
  let target = firstTarget;
  let delayMs = 0;
  let held: PromiseWithResolvers<void> | null = null;
  let lost: (() => void) | null = null;
  const open = new Set<Socket>();

  /** Passes bytes on in their order, each after the delay and while nothing is held. */
  const pump = (from: Socket, pass: (bytes: Buffer) => void): void => {
    let before = Promise.resolve();
    from.on('data', (bytes: Buffer) => {
      const dueAt = performance.now() + delayMs;
      before = before.then(async () => {
        const left = dueAt - performance.now();
        if (left > 0) await sleep(left);
        await held?.promise;
        pass(bytes);
      });
    });
  };

  const server = createServer((client) => {
    if (target === undefined) {
      client.destroy();
      return;
    }
    const upstream = openSocket(placeOf(target));
    const end = (): void => {
      client.destroy();
      upstream.destroy();
      open.delete(client);
    };
    open.add(client);
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      socket.on('close', end).on('error', end);
    }
    pump(client, (bytes) => upstream.write(bytes));
    pump(upstream, (bytes) => {
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
  const port = await freePort();
  const listen = async (): Promise<void> => {
    server.listen(port, HOST);
    await once(server, 'listening');
  };
  await listen();

  const cut = (): void => {
    for (const client of open) client.destroy();
  };
  const goDown = async (): Promise<void> => {
    const closed = server.listening ? once(server, 'close') : null;
    if (closed !== null) server.close();
    cut();
    await closed;
  };
  const release = (): void => {
    held?.resolve();
    held = null;
  };
  return {
    address: `${HOST}:${port}`,
    leadTo: (other, others = 'cut') => {
      target = other;
      if (others === 'cut') cut();
    },
    goDown,
    comeUp: async () => {
      if (!server.listening) await listen();
    },
    hold: () => {
      held ??= Promise.withResolvers<void>();
    },
    release,
    slow: (ms) => {
      delayMs = ms;
    },
    loseNextAnswer: () =>
      new Promise((resolve) => {
        lost = resolve;
      }),
    connections: () => open.size,
    close: async () => {
      release();
      await goDown();
    },
  };
};

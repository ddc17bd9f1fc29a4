/**
 * A Redis and its replica, and the faults of both: lost whole, and failed over to a replica that
 * was cut off some commits earlier. Keeps nothing on disk. Processors come by proxies of their own.
 */

import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTcpProxy, type TcpProxy } from '@holdfast/testkit/faults/tcp-proxy.ts';
import { type Redis as Server, startRedis } from '@holdfast/testkit/launchers/redis.ts';
import { Redis } from 'ioredis';

export interface RedisPair extends AsyncDisposable {
  /** The one that is in charge. */
  url(): string;
  /** Plain commands to it. */
  main(): Redis;
  replica(): Redis;
  /** A new way to the one in charge, now and later. */
  way(): Promise<TcpProxy>;
  /** It ends and comes back empty. */
  loseAll(): Promise<void>;
  /** The replica gets nothing any more; before that it has all. */
  cutOff(): Promise<void>;
  /** The replica takes over from a server that is dead, and gets an empty replica of its own. */
  failOver(): Promise<void>;
  /** The replica takes over for a while, then the old one comes back, each with its own past. */
  failOverAndBack(whileMs: number): Promise<void>;
}

const SETTINGS = { 'repl-diskless-sync-delay': '0' };
const LOOK_EVERY_MS = 20;
const IN_STEP_WITHIN_MS = 30_000;

interface Side {
  readonly server: Server;
  readonly plain: Redis;
}

const addressOf = ({ host, port }: Server): string => `${host}:${port}`;

const startSide = async (): Promise<Side> => {
  const server = await startRedis({ settings: SETTINGS });
  const plain = new Redis(server.url, { maxRetriesPerRequest: null });
  // It is killed on purpose; the command that waits goes on afterwards.
  plain.on('error', () => undefined);
  await once(plain, 'ready');
  return { server, plain };
};

export const startRedisPair = async (): Promise<RedisPair> => {
  let [main, replica] = [await startSide(), await startSide()];
  const replication = await startTcpProxy(addressOf(main.server));
  const ways: TcpProxy[] = [];

  const follow = async (): Promise<void> => {
    replication.leadTo(addressOf(main.server));
    await replication.comeUp();
    const [host, port] = replication.address.split(':') as [string, string];
    await replica.plain.replicaof(host, port);
  };
  /** Its link is up once it has the whole of the first copy; what follows comes at once. */
  const inStep = async (): Promise<boolean> =>
    (await replica.plain.info('replication')).includes('master_link_status:up');
  const leadAll = (): void => {
    for (const way of ways) way.leadTo(addressOf(main.server));
  };
  const promote = async (): Promise<void> => {
    await replica.plain.replicaof('NO', 'ONE');
    [main, replica] = [replica, main];
    leadAll();
  };

  await follow();
  return {
    url: () => main.server.url,
    main: () => main.plain,
    replica: () => replica.plain,
    way: async () => {
      const way = await startTcpProxy(addressOf(main.server));
      ways.push(way);
      return way;
    },
    loseAll: async () => {
      await main.server.kill();
      await main.server.start();
    },
    cutOff: async () => {
      const deadline = performance.now() + IN_STEP_WITHIN_MS;
      while (!(await inStep())) {
        if (performance.now() > deadline) throw new Error('the replica never came into step');
        await sleep(LOOK_EVERY_MS);
      }
      await replication.goDown();
    },
    failOver: async () => {
      await main.server.kill();
      await promote();
      await replica.server.start();
      await follow();
    },
    failOverAndBack: async (whileMs) => {
      await promote();
      await sleep(whileMs);
      [main, replica] = [replica, main];
      leadAll();
      await follow();
    },
    [Symbol.asyncDispose]: async () => {
      for (const { plain } of [main, replica]) plain.disconnect();
      for (const way of ways) await way.close();
      await replication.close();
      await Promise.all([main, replica].map(({ server }) => server.stop()));
    },
  };
};

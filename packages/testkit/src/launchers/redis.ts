/**
 * `startRedis`: a private, empty Redis; in a container where a Docker engine answers, else the
 * `redis-server` of the PATH.
 */

import { connect } from 'node:net';
import { dockerAnswers, dockerHost, startContainer } from './docker.ts';
import { openKeeper } from './keeper.ts';
import { nativeServer } from './native-server.ts';
import { freePort } from './ports.ts';
import { requirePrograms } from './programs.ts';
import { type Launched, type Server, together } from './server.ts';

const IMAGE = 'redis:7';
const CONTAINER_PORT = 6379;
const READY_WITHIN_MS = 120_000;

export interface RedisOptions {
  /** Settings of redis.conf; without any, nothing is written to disk. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface Redis extends Launched {
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

const asArguments = (settings: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries({ save: '', appendonly: 'no', ...settings }).flatMap(([name, value]) => [
    `--${name}`,
    value,
  ]);

const redisOf = (server: Server, stop: () => Promise<void>): Redis => {
  const { hostname, port } = new URL(`redis://${server.address}`);
  return {
    ...together([server], stop),
    url: `redis://${server.address}`,
    host: hostname,
    port: Number(port),
  };
};

/** Whether the server there answers PING; while it loads its data it refuses. */
const answersPing = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const answer = (ready: boolean): void => {
      socket.destroy();
      resolve(ready);
    };
    socket.setTimeout(1000, () => answer(false));
    socket.once('error', () => answer(false));
    socket.once('data', (bytes) => answer(bytes.toString().startsWith('+PONG')));
    socket.write('PING\r\n');
  });

const startInDocker = async (args: readonly string[]): Promise<Redis> => {
  const { GenericContainer, Wait } = await import('testcontainers');
  const port = await freePort();
  const server = await startContainer(
    new GenericContainer(IMAGE)
      .withExposedPorts({ container: CONTAINER_PORT, host: port })
      .withCommand(['redis-server', ...args])
      .withWaitStrategy(Wait.forLogMessage('Ready to accept connections'))
      .withStartupTimeout(READY_WITHIN_MS),
    `${await dockerHost()}:${port}`,
  );
  return redisOf(server, () => server.remove());
};

const startNatively = async (args: readonly string[]): Promise<Redis> => {
  await requirePrograms(['redis-server']);
  const keeper = openKeeper('redis');
  try {
    const port = await freePort();
    const server = nativeServer(keeper, {
      name: 'redis',
      address: `127.0.0.1:${port}`,
      program: 'redis-server',
      args: [...['--port', String(port), '--bind', '127.0.0.1', '--dir', keeper.folder], ...args],
      isReady: () => answersPing(port),
    });
    await server.start();
    return redisOf(server, () => keeper.close());
  } catch (error) {
    await keeper.close();
    throw error;
  }
};

/** Starts a Redis that serves when this resolves; errors as of `startKafka`. */
export const startRedis = async (options: RedisOptions = {}): Promise<Redis> => {
  const args = asArguments(options.settings ?? {});
  return (await dockerAnswers()) ? startInDocker(args) : startNatively(args);
};

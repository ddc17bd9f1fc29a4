/**
 * The one place that makes an ioredis client: one server or a cluster, with TLS and a user. Runs
 * scripts and a few commands about the server; every failure leaves as an error of the closed list.
 *
 * ioredis sends commands again that a lost connection left unanswered, so a script may run twice
 * and late. The scripts are written for that.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import { Cluster, Command, Redis } from 'ioredis';
import { isReply, whyNotIn } from './cluster-entry.ts';
import { storeError } from './errors.ts';
import type { Script } from './scripts.ts';
import { waitingCalls } from './waiting-calls.ts';

export interface RedisSettings {
  /** `redis://user:password@host:port/database`, or `rediss:` for TLS; several are one cluster. */
  readonly urls: readonly string[];
  /** `auto`: a cluster when several nodes are named. */
  readonly mode: 'auto' | 'single' | 'cluster';
  /** Where the URL names none. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Authorities to trust instead of the system's, in PEM. */
  readonly ca?: string | undefined;
}

export type Argument = string | Buffer;

export interface RedisConnection {
  /** Runs the script; the answer's texts are bytes. */
  run(script: Script, keys: readonly string[], args: readonly Argument[]): Promise<unknown>;
  /** Sends a command about the server itself to every server that may hold a partition. */
  onServers(command: string, args: readonly string[]): Promise<readonly ServerAnswer[]>;
  /** Closes at once; calls that are waiting fail. */
  close(): void;
}

export interface ServerAnswer {
  /** `host:port`. */
  readonly server: string;
  /** The answer, its texts as strings; or why it was refused. */
  readonly answer: unknown;
  readonly refused: HoldfastError | null;
}

/** A stuck connection is thrown away after so long without an answer. */
const SOCKET_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;
const DEFAULT_PORT = 6379;
const LONGEST_PAUSE_MS = 1_000;
/** Connection attempts that a command survives: some seconds where nobody listens. */
const ATTEMPTS = 3;

/** Its name may lead to another server by now: the way to this one stays open, and only reads. */
const isReplica = ({ message }: Error): boolean => message.startsWith('READONLY');

const pause = (times: number): number => Math.min(50 * 2 ** Math.min(times, 6), LONGEST_PAUSE_MS);

const nodeOf = (url: URL) => ({
  host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
  port: url.port === '' ? DEFAULT_PORT : Number(url.port),
});

const commonOptions = (settings: RedisSettings, url: URL) => {
  const username = url.username === '' ? settings.username : decodeURIComponent(url.username);
  const password = url.password === '' ? settings.password : decodeURIComponent(url.password);
  return {
    connectionName: 'holdfast',
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    maxRetriesPerRequest: ATTEMPTS,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(url.protocol === 'rediss:'
      ? { tls: settings.ca === undefined ? {} : { ca: settings.ca } }
      : {}),
  };
};

/** Connects by itself, and again whenever it must; a server that is away fails the calls only. */
export const openRedis = (settings: RedisSettings): RedisConnection => {
  const [first, ...others] = settings.urls.map((url) => new URL(url));
  if (first === undefined) throw new HoldfastError('config_invalid', 'no URL of Redis');
  const options = commonOptions(settings, first);
  const calls = waitingCalls();
  let lastTrouble: string | null = null;
  let failures = 0;
  const troubled = (error: Error): void => {
    lastTrouble = error.message;
  };
  const recovered = (): void => {
    lastTrouble = null;
    failures = 0;
  };

  const openOne = (): Redis => {
    const db = Number(first.pathname.slice(1));
    const server = new Redis({
      ...options,
      ...nodeOf(first),
      db,
      retryStrategy: pause,
      reconnectOnError: isReplica,
    });
    return server.on('error', troubled).on('ready', recovered);
  };
  const makeFirst = (): Redis =>
    new Redis({ ...options, ...nodeOf(first), lazyConnect: true, retryStrategy: () => null });
  const openAll = (): Cluster => {
    const shutOut = async (error: Error): Promise<void> => {
      failures += 1;
      const why = await whyNotIn(error, makeFirst);
      troubled(why);
      if (isReply(why)) calls.fail(why);
      else if (failures >= ATTEMPTS) calls.fail(new Error('no node of the cluster lets us in'));
    };
    const cluster = new Cluster([first, ...others].map(nodeOf), {
      redisOptions: options,
      slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
      clusterRetryStrategy: pause,
      // It asks for a right more, and keeps calls waiting in silence where a cluster that is down
      // refuses them with the reason.
      enableReadyCheck: false,
      // Names must reach the TLS handshake as they are, to be held against the certificate.
      ...(options.tls === undefined ? {} : { dnsLookup: (name, done) => done(null, name) }),
    });
    return cluster.on('error', (error) => void shutOut(error)).on('ready', recovered);
  };
  const isCluster = settings.mode === 'cluster' || (settings.mode === 'auto' && others.length > 0);
  const client = isCluster ? openAll() : openOne();

  const send = async (name: string, args: readonly Argument[]): Promise<unknown> =>
    calls.within(Promise.resolve(client.sendCommand(new Command(name, [...args]))));

  return {
    run: async (script, keys, args) => {
      if (keys.length !== script.keyCount) throw new RangeError(`${script.name}: wrong key count`);
      const rest = [String(script.keyCount), ...keys, ...args];
      try {
        try {
          return await send('EVALSHA', [script.sha, ...rest]);
        } catch (error) {
          if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
          return await send('EVAL', [script.text, ...rest]);
        }
      } catch (error) {
        throw storeError(error, lastTrouble);
      }
    },

    onServers: async (command, args) => {
      try {
        // A cluster knows its nodes once it answered anything.
        await calls.within(client.info('server'));
        const servers = client instanceof Cluster ? client.nodes('master') : [client];
        return await Promise.all(
          servers.map(async (server): Promise<ServerAnswer> => {
            const name = `${server.options.host}:${server.options.port}`;
            try {
              const answer = await calls.within(server.call(command, [...args]));
              return { server: name, answer, refused: null };
            } catch (error) {
              const refused = storeError(error, lastTrouble);
              if (refused.retry) throw refused;
              return { server: name, answer: null, refused };
            }
          }),
        );
      } catch (error) {
        throw storeError(error, lastTrouble);
      }
    },

    close: () => client.disconnect(),
  };
};

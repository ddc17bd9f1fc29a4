/**
 * `startRedisCluster`: a private Redis Cluster of three masters, each with a replica if so asked,
 * and TLS on every connection, by the `redis-server` and `redis-cli` of the PATH. Never containers: a node tells clients the address it
 * listens on.
 */

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { openKeeper } from './keeper.ts';
import { nativeServer } from './native-server.ts';
import { freePorts } from './ports.ts';
import { missingOf } from './programs.ts';
import { type Launched, type Server, together } from './server.ts';

const run = promisify(execFile);

const MASTERS = 3;
const READY = 'Ready to accept connections';
const SETTLED_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;

export interface RedisCluster extends Launched {
  /** `rediss:` of every node; at first the three masters come first. */
  readonly urls: readonly string[];
  readonly nodes: readonly Server[];
  /** Whom to trust, in PEM. */
  readonly ca: string;
  readonly caFile: string;
}

export interface RedisClusterOptions {
  /** None unless given. */
  readonly replicas?: 'one each';
}

/** The programs without which there is none. */
export const missingForRedisCluster = (): Promise<string | null> =>
  missingOf(['redis-server', 'openssl']);

const argumentsOf = (port: number, bus: number, { ca, cert, key }: Certificates) =>
  Object.entries({
    bind: '127.0.0.1',
    port: '0',
    'tls-port': String(port),
    'tls-ca-cert-file': ca,
    'tls-cert-file': cert,
    'tls-key-file': key,
    // Our users have passwords.
    'tls-auth-clients': 'no',
    'tls-cluster': 'yes',
    'tls-replication': 'yes',
    'cluster-enabled': 'yes',
    'cluster-port': String(bus),
    'cluster-config-file': `nodes-${port}.conf`,
    'cluster-node-timeout': '2000',
    dbfilename: `dump-${port}.rdb`,
    save: '',
    appendonly: 'yes',
    appendfsync: 'always',
    appenddirname: `appendonly-${port}`,
  }).flatMap(([name, value]) => [`--${name}`, value]);

/**
 * Starts a cluster that takes every slot when this resolves, its replicas in step; errors as of
 * `startKafka`.
 */
export const startRedisCluster = async ({
  replicas,
}: RedisClusterOptions = {}): Promise<RedisCluster> => {
  const missing = await missingForRedisCluster();
  if (missing !== null) throw new HoldfastError('service_missing', missing);
  const keeper = openKeeper('redis-cluster');
  try {
    const certificates = await makeCertificates(keeper.folder);
    const count = replicas === undefined ? MASTERS : 2 * MASTERS;
    const ports = await freePorts(2 * count);
    const [clients, buses] = [ports.slice(0, count), ports.slice(count)];
    const nodes = clients.map((port, at) =>
      nativeServer(keeper, {
        name: `redis-${port}`,
        address: `127.0.0.1:${port}`,
        program: 'redis-server',
        args: ['--dir', keeper.folder, ...argumentsOf(port, buses[at] as number, certificates)],
        isReady: (log) => log.includes(READY),
      }),
    );
    const launched = together(nodes, () => keeper.close());
    const cli = async (...words: readonly string[]): Promise<string> =>
      (await run('redis-cli', ['--tls', '--cacert', certificates.ca, ...words])).stdout.trim();
    /** Every node has heard of every slot, one after the other, and has what its master has. */
    const settled = async (): Promise<void> => {
      const deadline = performance.now() + SETTLED_WITHIN_MS;
      const isSettled = async (port: number): Promise<boolean> =>
        (await cli('-p', `${port}`, 'cluster', 'info')).includes('cluster_state:ok') &&
        !(await cli('-p', `${port}`, 'info', 'replication')).includes('master_link_status:down');
      for (const port of clients) {
        while (!(await isSettled(port))) {
          if (performance.now() > deadline) {
            throw new HoldfastError('service_failed', `the cluster of ${clients} does not settle`);
          }
          await sleep(LOOK_EVERY_MS);
        }
      }
    };
    const start = async (): Promise<void> => {
      await launched.start();
      await settled();
    };

    await launched.start();
    await cli(
      ...['--cluster', 'create', ...nodes.map(({ address }, at) => `${address}@${buses[at]}`)],
      ...['--cluster-replicas', String(count / MASTERS - 1), '--cluster-yes'],
    );
    await settled();
    return {
      ...launched,
      start,
      nodes,
      urls: nodes.map(({ address }) => `rediss://${address}`),
      ca: readFileSync(certificates.ca, 'utf8'),
      caFile: certificates.ca,
    };
  } catch (error) {
    await keeper.close();
    throw error;
  }
};

/** docker-compose.yml describes what `pnpm stack` starts: the same topics, ports and settings. */

import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  brokerProperties,
  propertiesEnvironment,
} from '@holdfast/testkit/launchers/kafka-properties.ts';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  argumentsOf,
  environmentOf,
  mainOf,
  POLICY_FILE,
  PORTS,
  REDIS_SETTINGS,
  SERVICES,
  SETUP,
} from './settings.ts';

const run = promisify(execFile);
const ROOT = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

interface Service {
  readonly image: string;
  readonly build?: { readonly dockerfile: string };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?:
    | readonly string[]
    | Readonly<Record<string, { readonly condition: string }>>;
}

const { services } = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Readonly<Record<string, Service>>;
};
const serviceOf = (name: string): Service => {
  const service = services[name];
  if (service === undefined) throw new Error(`docker-compose.yml has no ${name}`);
  return service;
};

/** Where the services find each other in there. */
const ADDRESSES = {
  bootstrap: 'kafka:19092',
  registryUrl: 'http://registry:8080/apis/ccompat/v7',
  redisUrl: 'redis://redis:6379',
};
const OURS = [SETUP, ...SERVICES] as const;

describe('docker-compose.yml', () => {
  it('has the services of the native stack, and Prometheus, Alertmanager and Grafana', () => {
    const beside = ['prometheus', 'alertmanager', 'grafana'];
    const wanted = ['kafka', 'registry', 'redis', ...OURS, ...beside];
    expect(Object.keys(services).toSorted()).toEqual(wanted.toSorted());
  });

  it.each(OURS)('runs %s as the native stack does', (name) => {
    const { command, environment, ports, build } = serviceOf(name);
    const port = PORTS[name];
    expect(command).toEqual(['node', ...argumentsOf(name)]);
    expect(environment).toEqual(environmentOf(name, ADDRESSES, { host: '0.0.0.0', port }));
    expect(ports).toEqual(port === undefined ? undefined : [`127.0.0.1:${port}:${port}`]);
    expect(build?.dockerfile).toBe('deploy/docker/Dockerfile');
  });

  it('sets the broker up as the native one', () => {
    const node = {
      id: 1,
      listens: { client: ':9092', broker: ':19092', controller: ':9093' },
      advertised: {
        client: 'localhost:9092',
        broker: ADDRESSES.bootstrap,
        controller: 'kafka:9093',
      },
      data: '/tmp/kraft-combined-logs',
    };
    const { CLUSTER_ID, KAFKA_HEAP_OPTS, ...settings } = serviceOf('kafka').environment ?? {};
    expect(settings).toEqual(propertiesEnvironment(brokerProperties(node, [node], {})));
    expect(Buffer.from(CLUSTER_ID ?? '', 'base64url')).toHaveLength(16);
    expect(KAFKA_HEAP_OPTS).toBe('-Xmx256m');
  });

  it('sets Redis up as the native one', () => {
    const settings = Object.entries(REDIS_SETTINGS).flatMap(([name, value]) => [
      `--${name}`,
      value,
    ]);
    expect(serviceOf('redis').command).toEqual(['redis-server', ...settings]);
  });

  it('runs the versions of Kafka and the registry that the native stack runs', () => {
    const pom = read('deploy/kafka/pom.xml');
    const versionOf = (artifact: string): string | undefined =>
      new RegExp(`<artifactId>${artifact}</artifactId>\\s*<version>([^<]+)`).exec(pom)?.[1];
    expect(serviceOf('kafka').image).toBe(`apache/kafka:${versionOf('kafka_2.13')}`);
    expect(serviceOf('registry').image).toBe(
      `apicurio/apicurio-registry:${versionOf('apicurio-registry-app')}`,
    );
  });

  it('pins every image, and builds our own on the Node of the workspace', () => {
    for (const [name, { image }] of Object.entries(services)) {
      expect(image, name).toMatch(
        OURS.some((one) => one === name) ? /^holdfast:/ : /:v?\d+\.\d+\.\d+$/,
      );
    }
    const node = (JSON.parse(read('package.json')) as { dependencies: { node: string } })
      .dependencies;
    const bases = [...read('deploy/docker/Dockerfile').matchAll(/^FROM (\S+)/gm)];
    expect(bases.map(([, base]) => base)).toEqual(bases.map(() => `node:${node.node}-slim`));
  });

  it('puts into the image every file that the services are told to read', () => {
    const dockerfile = read('deploy/docker/Dockerfile');
    for (const name of OURS) {
      expect(existsSync(new URL(mainOf(name), ROOT)), name).toBe(true);
      const { name: workspace } = JSON.parse(read(`services/${name}/package.json`));
      expect(dockerfile).toContain(`"${workspace}..."`);
    }
    expect(dockerfile).toContain(`COPY ${POLICY_FILE} ${POLICY_FILE}`);
    expect(read('deploy/docker/Dockerfile.dockerignore')).toContain(`!${POLICY_FILE}`);
  });

  it('waits for what is there to be healthy, and opens no port beyond this machine', () => {
    for (const [name, { healthcheck, ports = [], depends_on: waits = {} }] of Object.entries(
      services,
    )) {
      const isServer = name !== 'setup' && name !== 'simulator';
      expect(healthcheck !== undefined, name).toBe(isServer);
      for (const port of ports) expect(port, name).toMatch(/^127\.0\.0\.1:/);
      for (const [other, { condition }] of Object.entries(Array.isArray(waits) ? {} : waits)) {
        const wanted = other === SETUP ? 'service_completed_successfully' : 'service_healthy';
        expect(condition, `${name} on ${other}`).toBe(wanted);
      }
    }
  });

  it('mounts what is there', () => {
    const mounted = Object.values(services).flatMap(({ volumes = [] }) => volumes);
    expect(mounted.length).toBeGreaterThan(0);
    for (const volume of mounted) {
      expect(existsSync(new URL(volume.split(':')[0] ?? '', ROOT)), volume).toBe(true);
    }
  });

  it('is accepted by docker compose, where that command is', async ({ skip }) => {
    const compose = await run('docker', ['compose', 'version']).catch(() => null);
    if (compose === null) skip('there is no `docker compose` on this machine');
    await run('docker', ['compose', '--file', 'docker-compose.yml', 'config', '--quiet'], {
      cwd: fileURLToPath(ROOT),
    });
  });
});

/**
 * What the native stack (main.ts) and docker-compose.yml have in common. The native stack is made
 * from it; compose.unit.test.ts holds the file against it.
 */

/** Services that run until they are ended, in the order in which they are ended. */
export const SERVICES = ['simulator', 'processor', 'exporter', 'ledger'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** Makes topics and schemas and ends; before all others. */
export const SETUP = 'setup';

/** Where services tell of themselves; the others do not. */
export const PORTS: Readonly<Partial<Record<ServiceName | typeof SETUP, number>>> = {
  processor: 9465,
  exporter: 9464,
  ledger: 9466,
};

/** From the repository's root; the image has it in the same place. */
export const POLICY_FILE = 'deploy/policy.yaml';

export const mainOf = (service: ServiceName | typeof SETUP): string =>
  `services/${service}/src/main.ts`;

/** What Node is started with. A processor's batch fits into this nursery, so its garbage dies there. */
export const argumentsOf = (service: ServiceName | typeof SETUP): readonly string[] =>
  service === 'processor' ? ['--max-semi-space-size=128', mainOf(service)] : [mainOf(service)];

/** As of docs/OPERATIONS.md. */
export const REDIS_SETTINGS = {
  appendonly: 'yes',
  'maxmemory-policy': 'noeviction',
  'hash-max-listpack-entries': '128',
  'hash-max-listpack-value': '1024',
} as const;

export interface Addresses {
  readonly bootstrap: string;
  readonly registryUrl: string;
  readonly redisUrl: string;
}

/** Each service's environment; `http`: where it listens. */
export const environmentOf = (
  service: ServiceName | typeof SETUP,
  { bootstrap, registryUrl, redisUrl }: Addresses,
  http: { readonly host: string; readonly port: number | undefined },
): Readonly<Record<string, string>> => {
  const kafka = { HOLDFAST_KAFKA_BOOTSTRAP: bootstrap };
  const registry = { HOLDFAST_REGISTRY_URL: registryUrl };
  const policy = { HOLDFAST_POLICY_FILE: POLICY_FILE };
  const figures = { HOLDFAST_REDIS_URL: redisUrl, ...policy };
  const serves = { HOLDFAST_HTTP_HOST: http.host, HOLDFAST_HTTP_PORT: String(http.port) };
  switch (service) {
    case 'setup':
      return { ...kafka, ...registry, HOLDFAST_PARTITIONS: '4' };
    case 'simulator':
      return { ...kafka, ...registry };
    case 'processor':
      return { ...kafka, ...registry, ...figures, ...serves };
    case 'exporter':
      return { ...kafka, ...registry, ...figures, ...serves };
    case 'ledger':
      return { ...kafka, ...registry, ...policy, ...serves };
  }
};

/**
 * The broker settings that tests, the local stack and the benchmark run with. Every node is broker
 * and controller in one (KRaft).
 */

/** Room above the 2 MB records that must go through as dead letters. */
const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
/** Enough for the replicas and for a majority that lives on without one node. */
const MAX_REPLICAS = 3;

interface Addresses {
  readonly client: string;
  readonly broker: string;
  readonly controller: string;
  /** Further ways for clients, each a listener of its own; see kafka-links.ts. */
  readonly links?: readonly string[];
}

export interface Node {
  readonly id: number;
  /** What the node listens on, and what it tells clients, other brokers and controllers to use. */
  readonly listens: Addresses;
  readonly advertised: Addresses;
  readonly data: string;
}

export type Properties = Readonly<Record<string, string>>;

/** What clients are told of a broker: the address of the listener that they came by. */
const clientListeners = ({ client, links = [] }: Addresses): readonly string[] => [
  `CLIENT://${client}`,
  ...links.map((link, at) => `LINK${at}://${link}`),
];

/** The properties of one node of a cluster; `overrides` win. */
export const brokerProperties = (
  node: Node,
  cluster: readonly Node[],
  overrides: Properties,
): Properties => {
  const controllersLogIn = 'sasl.mechanism.controller.protocol' in overrides;
  const replicas = Math.min(cluster.length, MAX_REPLICAS);
  const minInSync = String(Math.max(1, replicas - 1));
  return {
    'process.roles': 'broker,controller',
    'node.id': String(node.id),
    listeners: [
      ...clientListeners(node.listens),
      `BROKER://${node.listens.broker}`,
      `CONTROLLER://${node.listens.controller}`,
    ].join(','),
    'advertised.listeners': [
      ...clientListeners(node.advertised),
      `BROKER://${node.advertised.broker}`,
    ].join(','),
    'listener.security.protocol.map': [
      'CLIENT',
      ...(node.listens.links ?? []).map((_, at) => `LINK${at}`),
      'BROKER',
    ]
      .map((listener) => `${listener}:PLAINTEXT`)
      .concat(`CONTROLLER:${controllersLogIn ? 'SASL_PLAINTEXT' : 'PLAINTEXT'}`)
      .join(','),
    'inter.broker.listener.name': 'BROKER',
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.voters': cluster
      .map(({ id, advertised }) => `${id}@${advertised.controller}`)
      .join(','),
    'log.dirs': node.data,
    'auto.create.topics.enable': 'false',
    'default.replication.factor': String(replicas),
    'min.insync.replicas': minInSync,
    'message.max.bytes': String(MAX_MESSAGE_BYTES),
    'replica.fetch.max.bytes': String(MAX_MESSAGE_BYTES),
    // Every reader is a group of its own: do not wait for others to join.
    'group.initial.rebalance.delay.ms': '0',
    // Few partitions: they are created, and read back after a restart, one by one.
    'offsets.topic.num.partitions': '4',
    'offsets.topic.replication.factor': String(replicas),
    'transaction.state.log.num.partitions': '4',
    'transaction.state.log.replication.factor': String(replicas),
    'transaction.state.log.min.isr': minInSync,
    // The default takes 128 MB, half of the heap.
    'log.cleaner.dedupe.buffer.size': '4194304',
    ...overrides,
  };
};

/** As a properties file. */
export const propertiesFile = (properties: Properties): string =>
  Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

/** As the environment that the image apache/kafka reads: dots and the like have codes there. */
export const propertiesEnvironment = (properties: Properties): Record<string, string> =>
  Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      `KAFKA_${name.replaceAll('_', '___').replaceAll('-', '__').replaceAll('.', '_').toUpperCase()}`,
      value,
    ]),
  );

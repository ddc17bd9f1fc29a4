/**
 * Everything that real chaos befalls: a Kafka, a registry and a pair of Redis of its own, topics, a
 * steady load, and processors with ways of their own to each of them. Nothing of it outlives it.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { avroChangeEncoder } from '@holdfast/contracts/avro-change.ts';
import { kafkaClient } from '@holdfast/kafka/client.ts';
import { kafkaProducer } from '@holdfast/kafka/producer.ts';
import { schemaRegistry } from '@holdfast/kafka/registry.ts';
import type { TopicNames } from '@holdfast/kafka/topic-settings.ts';
import { ensureTopics } from '@holdfast/kafka/topics.ts';
import type { Projection } from '@holdfast/redis/keys.ts';
import { seeded } from '@holdfast/simulation/random.ts';
import { startKafka } from '@holdfast/testkit/launchers/kafka.ts';
import { openKeeper } from '@holdfast/testkit/launchers/keeper.ts';
import { type Registry, startRegistry } from '@holdfast/testkit/launchers/registry.ts';
import type { Kafka as KafkaServer } from '@holdfast/testkit/launchers/server.ts';
import type { Kafka } from 'kafkajs';
import { registerChanges } from '../../packages/service/src/registry.ts';
import { type Member, member } from './fleet.ts';
import { type Load, steadyLoad } from './load.ts';
import { type Observer, observer } from './observer.ts';
import { type RedisPair, startRedisPair } from './redis-pair.ts';
import { RIGHTS, type Rights, rightsBy } from './rights.ts';

export interface WorldOptions {
  readonly seed: number;
  readonly brokers: number;
  readonly processors: number;
  readonly partitions: number;
  /** Records a second. */
  readonly rate: number;
}

export interface World extends AsyncDisposable {
  readonly kafkaServer: KafkaServer;
  readonly kafka: Kafka;
  readonly registry: Registry;
  readonly redis: RedisPair;
  readonly topics: TopicNames;
  readonly identity: Projection;
  readonly partitions: number;
  /** The environment of a service that comes by the plain ways, as they lead now. */
  readonly settings: () => Readonly<Record<string, string>>;
  readonly members: readonly Member[];
  readonly load: Load;
  readonly observer: Observer;
  readonly rights: Rights;
}

/** As a policy file has it: windows so short that their edges pass all the time. */
const POLICY = { windows: ['P1D', 'P7D'], dimensions: ['segment'], lateness: 'P2D' };
const IDENTITY: Projection = { instance: 'chaos', generation: '1' };
const TOPICS: TopicNames = {
  changes: 'changes',
  deltas: 'deltas',
  deadLetters: 'dead-letters',
  metrics: 'metrics',
};
const PROPERTIES = {
  ...RIGHTS,
  // A broker that was killed is let in again when its last session is over.
  'broker.session.timeout.ms': '3000',
  // The first replica in line is made the leader at once.
  'leader.imbalance.check.interval.seconds': '1',
  'leader.imbalance.per.broker.percentage': '0',
};
/** Small fetches: many small commits to be hit in. */
const FETCH_BYTES = '16384';

export const startWorld = async (options: WorldOptions): Promise<World> => {
  const { seed, brokers, processors, partitions, rate } = options;
  await using started = new AsyncDisposableStack();
  const [kafkaServer, registry, redis] = await Promise.all([
    startKafka({ brokers, links: processors, properties: PROPERTIES }),
    startRegistry(),
    startRedisPair(),
  ]);
  started.defer(() => kafkaServer.stop());
  started.defer(() => registry.stop());
  started.use(redis);
  const keeper = openKeeper('chaos');
  started.defer(() => keeper.close());

  const log = (): void => undefined;
  const kafka = kafkaClient({ brokers: kafkaServer.bootstrap.split(','), clientId: 'chaos', log });
  await ensureTopics({ kafka, topics: TOPICS, partitions });
  const admin = kafka.admin();
  await admin.connect();
  started.defer(() => admin.disconnect());
  const encoder = avroChangeEncoder(
    await registerChanges(schemaRegistry({ url: registry.url, clientId: 'chaos' }), TOPICS.changes),
  );
  const producer = kafkaProducer({ kafka, compression: 'none', timeoutMs: 5_000 });
  started.defer(() => producer.close());
  const policyFile = join(keeper.folder, 'policy.json');
  writeFileSync(policyFile, JSON.stringify(POLICY));

  const settings = (bootstrap: string, redisUrl: string): Readonly<Record<string, string>> => ({
    HOLDFAST_KAFKA_BOOTSTRAP: bootstrap,
    HOLDFAST_REGISTRY_URL: registry.url,
    HOLDFAST_REDIS_URL: redisUrl,
    HOLDFAST_TOPIC_CHANGES: TOPICS.changes,
    HOLDFAST_TOPIC_DELTAS: TOPICS.deltas,
    HOLDFAST_TOPIC_DEAD_LETTERS: TOPICS.deadLetters,
    HOLDFAST_TOPIC_METRICS: TOPICS.metrics,
    HOLDFAST_INSTANCE: IDENTITY.instance,
    HOLDFAST_GENERATION: IDENTITY.generation,
    HOLDFAST_POLICY_FILE: policyFile,
  });

  const members = await Promise.all(
    kafkaServer.links.map(async (link, at) => {
      const way = await redis.way();
      return member(
        keeper,
        `processor-${at + 1}`,
        { kafka: link.proxies, redis: way },
        {
          ...settings(link.bootstrap, `redis://${way.address}`),
          HOLDFAST_FETCH_BYTES: FETCH_BYTES,
          HOLDFAST_HTTP_PORT: '0',
        },
      );
    }),
  );
  started.defer(async () => {
    await Promise.all(members.map((each) => each.abandon()));
  });
  const watcher = observer({
    kafka,
    topic: TOPICS.changes,
    partitions,
    identity: IDENTITY,
    main: redis.main,
    whereItStands: () =>
      members.map((each) => `${each.name} said last:\n${each.lastWords()}`).join('\n'),
  });
  started.defer(() => watcher.close());
  const load = steadyLoad({
    random: seeded(seed),
    producer,
    topic: TOPICS.changes,
    encode: (record) => Buffer.from(encoder(record)),
    rate,
  });
  started.defer(() => load.pause());

  const all = started.move();
  return {
    kafkaServer,
    kafka,
    registry,
    redis,
    topics: TOPICS,
    identity: IDENTITY,
    partitions,
    settings: () => settings(kafkaServer.bootstrap, redis.url()),
    members,
    load,
    observer: watcher,
    rights: rightsBy(admin),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
};

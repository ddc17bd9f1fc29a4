/**
 * The faults that a round draws from. Each begins, lasts and is healed; it resolves when it is over
 * and may say what it hit. Faults of one realm never meet, for the one's end would be the other's.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { withAdmin } from '@holdfast/kafka/admin.ts';
import type { PartitionMeta } from '@holdfast/pipeline/ports.ts';
import type { Random } from '@holdfast/simulation/random.ts';
import type { TcpProxy } from '@holdfast/testkit/faults/tcp-proxy.ts';
import type { Server } from '@holdfast/testkit/launchers/server.ts';
import type { Member } from './fleet.ts';
import type { World } from './world.ts';

type Realm = 'processor' | 'broker' | 'redis' | 'redis way' | 'kafka way' | 'registry' | 'rights';

export interface Fault {
  readonly realms: readonly Realm[];
  /** Takes so long that only long runs have it. */
  readonly long?: true;
  /** Needs so many brokers; one unless given. */
  readonly brokers?: number;
  readonly run: (world: World, random: Random) => Promise<string>;
}

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;
/** The group gives a member's partitions away after ten. */
const BEYOND_SESSION = [12 * SECOND, 15 * SECOND] as const;
/** The coordinator gives an open transaction up after a minute. */
const BEYOND_TRANSACTION = 66 * SECOND;
/** Whoever leads their partitions coordinates the groups and the transactions. */
const COORDINATORS = ['__consumer_offsets', '__transaction_state'];
const SOON_MS = 15 * SECOND;
const LOOK_EVERY_MS = 20;

const oneOf = (world: World, random: Random): Member => random.pick(world.members);

const lasts = (random: Random, least = 1 * SECOND, most = 6 * SECOND): Promise<void> =>
  sleep(random.between(least, most));

/** Waits for what a fault would like to hit, but not for ever: another fault may stand in its way. */
const soon = async (isSo: () => Promise<boolean>): Promise<boolean> => {
  const deadline = performance.now() + SOON_MS;
  while (!(await isSo().catch(() => false))) {
    if (performance.now() > deadline) return false;
    await sleep(LOOK_EVERY_MS);
  }
  return true;
};

/** The way is broken for a while: cut, silent or slow. */
const broken = async (proxies: readonly TcpProxy[], random: Random): Promise<string> => {
  const how = random.pick(['cut', 'silent', 'slow'] as const);
  switch (how) {
    case 'cut':
      await Promise.all(proxies.map((proxy) => proxy.goDown()));
      await lasts(random, 500, 12 * SECOND);
      await Promise.all(proxies.map((proxy) => proxy.comeUp()));
      return how;
    case 'silent':
      for (const proxy of proxies) proxy.hold();
      await lasts(random, 500, 14 * SECOND);
      for (const proxy of proxies) proxy.release();
      return how;
    case 'slow': {
      const ms = random.between(20, 400);
      for (const proxy of proxies) proxy.slow(ms);
      await lasts(random, 4 * SECOND, 8 * SECOND);
      for (const proxy of proxies) proxy.slow(0);
      return `${ms} ms each way`;
    }
  }
};

type Metas = readonly (PartitionMeta | null)[];

const sum = (metas: Metas, of: (meta: PartitionMeta) => number): number =>
  metas.reduce((total, meta) => total + (meta === null ? 0 : of(meta)), 0);

/** What the replica lacks. */
const lackOf = async ({ observer, redis }: World): Promise<string> => {
  const [main, replica] = [await observer.metas(), await observer.metas(redis.replica())];
  const lack = (of: (meta: PartitionMeta) => number): number => sum(main, of) - sum(replica, of);
  return (
    `${lack((meta) => meta.commitNumber)} commits, ${lack((meta) => meta.boundary.nextOffset)} ` +
    `records, ${lack((meta) => meta.nextSequence)} deltas, ${lack((meta) => meta.epoch)} claims`
  );
};

/** The replica takes over without what happened since it was cut off. */
const failOverAfter = async (world: World, meanwhile: () => Promise<unknown>): Promise<string> => {
  await world.redis.cutOff();
  await meanwhile();
  const lost = await lackOf(world);
  await world.redis.failOver();
  return `lost ${lost}`;
};

const denied = async ({ rights }: World, topic: string, random: Random): Promise<string> => {
  await rights.deny(topic);
  await lasts(random, 2 * SECOND, 8 * SECOND);
  await rights.allow(topic);
  return '';
};

const ends = async (server: Server, how: 'kill' | 'terminate', random: Random): Promise<string> => {
  await server[how]();
  await lasts(random, 0, 4 * SECOND);
  await server.start();
  return server.address;
};

/** The next replica in line becomes the leader of each partition, and so the coordinator. */
const moveLeaders = (world: World): Promise<number> =>
  withAdmin(world.kafka, async (admin) => {
    const names = [...Object.values(world.topics), ...COORDINATORS];
    const leaders = async () => (await admin.fetchTopicMetadata({ topics: names })).topics;
    const planned = (await leaders()).map(({ name, partitions }) => ({
      topic: name,
      partitionAssignment: partitions.map(({ partitionId, leader, replicas }) => {
        const next = replicas.indexOf(leader) + 1;
        return {
          partition: partitionId,
          replicas: [...replicas.slice(next), ...replicas.slice(0, next)],
        };
      }),
    }));
    await admin.alterPartitionReassignments({ topics: planned });
    let moved = 0;
    await soon(async () => {
      const now = await leaders();
      const isMoved = planned.flatMap(({ topic, partitionAssignment }) =>
        partitionAssignment.map(({ partition, replicas }) =>
          now.some(
            ({ name, partitions }) =>
              name === topic &&
              partitions.some(
                (each) => each.partitionId === partition && each.leader === replicas[0],
              ),
          ),
        ),
      );
      moved = isMoved.filter(Boolean).length;
      return moved === isMoved.length;
    });
    return moved;
  });

export const FAULTS = {
  'processor killed': {
    realms: ['processor'],
    run: async (world, random) => {
      const member = oneOf(world, random);
      await member.kill();
      return member.name;
    },
  },
  'all processors killed': {
    realms: ['processor'],
    run: async ({ members }) => {
      await Promise.all(members.map((member) => member.kill()));
      return '';
    },
  },
  'processor restarted in order': {
    realms: ['processor'],
    run: async (world, random) => {
      const member = oneOf(world, random);
      const code = await member.end();
      if (code !== 0) throw new Error(`${member.name} ended with ${code}\n${member.lastWords()}`);
      await lasts(random, 0, 4 * SECOND);
      member.start();
      return member.name;
    },
  },
  'processor suspended beyond its session': {
    realms: ['processor'],
    run: async (world, random) => {
      const member = oneOf(world, random);
      member.suspend();
      await lasts(random, ...BEYOND_SESSION);
      member.resume();
      return member.name;
    },
  },
  'processor suspended beyond its transaction': {
    realms: ['processor', 'kafka way'],
    long: true,
    run: async (world, random) => {
      const member = oneOf(world, random);
      // So slow that it mostly stands in the midst of a transaction.
      for (const proxy of member.ways.kafka) proxy.slow(300);
      await lasts(random, 2 * SECOND, 4 * SECOND);
      member.suspend();
      for (const proxy of member.ways.kafka) proxy.slow(0);
      await sleep(BEYOND_TRANSACTION);
      member.resume();
      return member.name;
    },
  },
  "a processor's clock ahead": {
    realms: ['processor'],
    run: async (world, random) => {
      const member = oneOf(world, random);
      const shift = random.pick([900, 5 * SECOND, HOUR, 3 * DAY]);
      member.setClock(shift);
      await lasts(random, 2 * SECOND);
      member.setClock(0);
      return `${member.name} by ${shift / SECOND} s`;
    },
  },
  "a processor's clock behind": {
    realms: ['processor'],
    run: async (world, random) => {
      const member = oneOf(world, random);
      const shift = random.pick([2 * SECOND, HOUR, 3 * DAY]);
      member.setClock(-shift);
      await lasts(random, 2 * SECOND);
      member.setClock(0);
      return `${member.name} by ${shift / SECOND} s`;
    },
  },
  'broker killed': {
    realms: ['broker'],
    run: ({ kafkaServer }, random) => ends(random.pick(kafkaServer.brokers), 'kill', random),
  },
  'broker restarted in order': {
    realms: ['broker'],
    run: ({ kafkaServer }, random) => ends(random.pick(kafkaServer.brokers), 'terminate', random),
  },
  'leaders moved': {
    realms: ['broker'],
    brokers: 2,
    run: async (world, random) => {
      const first = await moveLeaders(world);
      await lasts(random);
      return `${first + (await moveLeaders(world))} times`;
    },
  },
  'way to the brokers': {
    realms: ['kafka way'],
    run: async (world, random) => {
      const { name, ways } = oneOf(world, random);
      return `${name}: ${await broken(ways.kafka, random)}`;
    },
  },
  'way to Redis': {
    realms: ['redis way'],
    run: async (world, random) => {
      const { name, ways } = oneOf(world, random);
      return `${name}: ${await broken([ways.redis], random)}`;
    },
  },
  'Redis lost whole': {
    realms: ['redis'],
    run: async ({ redis }) => {
      await redis.loseAll();
      return '';
    },
  },
  'Redis emptied': {
    realms: ['redis'],
    run: async ({ redis }) => {
      await redis.main().flushall();
      return '';
    },
  },
  'Redis failed over, commits lost': {
    realms: ['redis'],
    run: (world, random) => failOverAfter(world, () => lasts(random, 200, 3 * SECOND)),
  },
  'Redis failed over, only ticks lost': {
    realms: ['redis'],
    run: async (world, random) => {
      await world.load.pause();
      try {
        const end = await world.observer.ends();
        await soon(async () =>
          (await world.observer.metas()).every(
            (meta, partition) => (meta?.boundary.nextOffset ?? 0) >= (end[partition] ?? 0),
          ),
        );
        return await failOverAfter(world, () => lasts(random, 1 * SECOND, 3 * SECOND));
      } finally {
        world.load.resume();
      }
    },
  },
  'Redis failed over, a claim lost': {
    realms: ['redis', 'processor'],
    run: async (world, random) => {
      const { observer } = world;
      return failOverAfter(world, async () => {
        const before = sum(await observer.metas(), ({ epoch }) => epoch);
        const member = oneOf(world, random);
        await member.end();
        member.start();
        await soon(async () => sum(await observer.metas(), ({ epoch }) => epoch) > before);
      });
    },
  },
  'Redis failed over, the outbox half published': {
    realms: ['redis', 'rights'],
    run: async (world, random) => {
      const { rights, topics, observer } = world;
      const waiting = async (): Promise<number> =>
        (await observer.outboxes()).reduce((total, each) => total + each, 0);
      await rights.deny(topics.deltas);
      try {
        await soon(async () => (await waiting()) >= 2 * world.partitions);
        const most = await waiting();
        return await failOverAfter(world, async () => {
          await rights.allow(topics.deltas);
          await soon(async () => (await waiting()) < most);
          if (random.chance(0.5)) await rights.deny(topics.deltas);
        });
      } finally {
        await rights.allow(topics.deltas);
      }
    },
  },
  'Redis failed over and back': {
    realms: ['redis'],
    run: async (world, random) => {
      await world.redis.cutOff();
      await lasts(random, 200, 2 * SECOND);
      const lost = await lackOf(world);
      await world.redis.failOverAndBack(random.between(500, 4 * SECOND));
      return `lost ${lost}, then what came after`;
    },
  },
  'registry down': {
    realms: ['registry'],
    run: ({ registry }, random) =>
      registry
        .kill()
        .then(() => lasts(random))
        .then(() => registry.start())
        .then(() => ''),
  },
  'no right to write deltas': {
    realms: ['rights'],
    run: (world, random) => denied(world, world.topics.deltas, random),
  },
  'no right to write dead letters': {
    realms: ['rights'],
    run: (world, random) => denied(world, world.topics.deadLetters, random),
  },
  'a quarter of all customers due at once': {
    realms: [],
    run: async ({ load }, random) => {
      const inMs = random.between(2 * SECOND, 6 * SECOND);
      await load.agreeForOneInstant(inMs);
      await sleep(inMs);
      return '';
    },
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

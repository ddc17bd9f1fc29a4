/**
 * How long partitions stand still while processors come and go: 12 partitions under a steady load,
 * three processors, of which one is stopped and started again in turn, and at last killed. A
 * partition's pause is the longest time between two of its commits around a move, as Redis shows it.
 *
 *   pnpm bench:rebalance [--rate 1200] [--rounds 6]
 */

import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { avroChangeEncoder } from '@holdfast/contracts/avro-change.ts';
import { kafkaProducer } from '@holdfast/kafka/producer.ts';
import { schemaRegistry } from '@holdfast/kafka/registry.ts';
import { ensureTopics } from '@holdfast/kafka/topics.ts';
import { openRedis } from '@holdfast/redis/connection.ts';
import { redisProjectionReader } from '@holdfast/redis/projection-reader.ts';
import { registerChanges } from '@holdfast/service/registry.ts';
import { type All, startAll } from '@holdfast/testkit/launchers/all.ts';
import { subscription } from '../e2e/records.ts';
import { clientOf, TOPICS } from './pipe-load.ts';
import { INSTANCE, type ServiceProcess, startService } from './service-process.ts';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '1200' },
    rounds: { type: 'string', default: '6' },
  },
});
const rate = Number(values.rate);
const rounds = Number(values.rounds);
const PARTITIONS = 12;
const PROCESSORS = 3;
const CUSTOMERS = 2_000;
const SEND_EVERY_MS = 10;
/** Twice what a move may take; a crash takes the session time-out longer. */
const MOVE_MS = 4_000;
const SESSION_MS = 6_000;

/** One partition's commits around one move. */
interface Pause {
  readonly ms: number;
  /** Whether it came to another owner. */
  readonly moved: boolean;
}

const services = await startAll({});
try {
  await measure(services);
} finally {
  await services.stop();
}

async function measure(all: All): Promise<void> {
  const client = clientOf(all.kafka.bootstrap);
  await ensureTopics({ kafka: client, topics: TOPICS, partitions: PARTITIONS });
  const load = await startLoad(all);
  const watch = watchCommits(all);
  const processors = Array.from({ length: PROCESSORS }, () => startService('processor', all));
  await Promise.all(processors.map(({ url }) => url));
  await watch.untilAllCommit();
  await sleep(MOVE_MS);

  const stops: Pause[] = [];
  const joins: Pause[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const gone = processors.shift() as ServiceProcess;
    stops.push(
      ...(await watch.around(MOVE_MS, async () => {
        gone.child.kill('SIGTERM');
        await once(gone.child, 'exit');
      })),
    );
    const come = startService('processor', all);
    processors.push(come);
    joins.push(
      ...(await watch.around(MOVE_MS, async () => {
        await come.url;
      })),
    );
  }
  const killed = processors.shift() as ServiceProcess;
  const crash = await watch.around(SESSION_MS + MOVE_MS, async () => {
    killed.child.kill('SIGKILL');
  });

  console.log(`${PARTITIONS} partitions, ${PROCESSORS} processors, ${rate} events a second`);
  print('stop', stops);
  print('join', joins);
  print('planned moves', [...stops, ...joins]);
  print('crash', crash);
  await load.stop();
  await watch.stop();
  for (const { child } of processors) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}

function print(what: string, pauses: readonly Pause[]): void {
  const at = (share: number, of: readonly Pause[]): string => {
    const sorted = of.map(({ ms }) => ms).sort((a, b) => a - b);
    const ms = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    return ms === undefined ? '-' : ms.toFixed(0);
  };
  const moved = pauses.filter((pause) => pause.moved);
  const line = (of: readonly Pause[]): string => `p50 ${at(0.5, of)} p99 ${at(0.99, of)} ms`;
  console.log(
    `${what.padEnd(14)} all ${pauses.length}: ${line(pauses)}; moved ${moved.length}: ${line(moved)}`,
  );
}

async function startLoad({ kafka, registry }: All) {
  const schemas = schemaRegistry({ url: registry.url, clientId: 'bench' });
  const encode = avroChangeEncoder(await registerChanges(schemas, TOPICS.changes));
  const producer = kafkaProducer({ kafka: clientOf(kafka.bootstrap), compression: 'none' });
  let running = true;
  const sending = (async () => {
    const started = performance.now();
    for (let sent = 0; running; ) {
      const wanted = Math.floor(((performance.now() - started) * rate) / 1000);
      const at = Date.now();
      const batch = Array.from({ length: wanted - sent }, (_, each) => {
        const name = `customer-${(sent + each) % CUSTOMERS}`;
        const value = encode(subscription(name, at, 10_000 + ((sent + each) % 97)));
        return { key: Buffer.from(name), value, timestamp: at };
      });
      sent = wanted;
      if (batch.length > 0) await producer.produce(TOPICS.changes, batch);
      await sleep(SEND_EVERY_MS);
    }
  })();
  return {
    stop: async (): Promise<void> => {
      running = false;
      await sending;
      await producer.close();
    },
  };
}

/** Looks at all partitions without pause. */
function watchCommits({ redis }: All) {
  const connection = openRedis({ urls: [redis.url], mode: 'single' });
  const projection = { instance: INSTANCE, generation: '1', partitions: PARTITIONS };
  const reader = redisProjectionReader(connection, projection);
  const last = Array.from({ length: PARTITIONS }, () => ({ number: 0, epoch: 0, at: 0 }));
  let longest = last.map(() => 0);
  let running = true;
  const looking = (async () => {
    while (running) {
      const views = await reader.readViews();
      const at = performance.now();
      for (const [partition, seen] of last.entries()) {
        const meta = views[partition]?.meta;
        if (meta === undefined || meta.commitNumber === seen.number) continue;
        if (seen.at > 0) longest[partition] = Math.max(longest[partition] ?? 0, at - seen.at);
        last[partition] = { number: meta.commitNumber, epoch: meta.epoch, at };
      }
    }
  })();
  return {
    untilAllCommit: async (): Promise<void> => {
      while (last.some(({ at }) => at === 0)) await sleep(SEND_EVERY_MS);
    },
    around: async (ms: number, move: () => Promise<void>): Promise<readonly Pause[]> => {
      longest = last.map(() => 0);
      const epochs = last.map(({ epoch }) => epoch);
      await move();
      await sleep(ms);
      const now = performance.now();
      return last.map(({ epoch, at }, partition) => ({
        ms: Math.max(longest[partition] ?? 0, now - at),
        moved: epoch !== epochs[partition],
      }));
    },
    stop: async (): Promise<void> => {
      running = false;
      await looking;
      connection.close();
    },
  };
}

/**
 * A broker that is killed and comes back, under a reader and under a publisher. It has a Kafka of
 * its own; the limits allow for one that takes a minute to start on a busy machine.
 */

import { isHoldfastError } from '@holdfast/domain/errors.ts';
import type { PartitionOutput } from '@holdfast/pipeline/ports.ts';
import { codeOf } from '@holdfast/testkit/code-of.ts';
import { startKafka } from '@holdfast/testkit/launchers/kafka.ts';
import type { Kafka as KafkaServer } from '@holdfast/testkit/launchers/server.ts';
import { describeWithServices, uniqueName } from '@holdfast/testkit/services.ts';
import {
  deadLetterNames,
  deltaNames,
  deltasOf,
  namedAll,
} from '@holdfast/testkit/suites/delta-sink-harness.ts';
import {
  join,
  named,
  nameOf,
  POLL_MS,
  readCount,
} from '@holdfast/testkit/suites/event-log-harness.ts';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { createSink, createTopic, leaveHanging, testKafka } from '../testing/harness.ts';
import { withAdmin } from './admin.ts';
import { type Cluster, kafkaCluster } from './cluster.ts';
import { kafkaDeltaSink } from './delta-sink.ts';
import { kafkaEventLog } from './event-log.ts';
import { edgeCall, fetchCall } from './fetch.ts';
import { ownInput } from './partition-input.ts';
import { kafkaProducer } from './producer.ts';

const LIMIT_MS = 300_000;
const PATIENCE_MS = 120_000;

const eventually = (expectation: () => Promise<void>): Promise<void> =>
  vi.waitFor(expectation, { timeout: PATIENCE_MS, interval: 50 });

describeWithServices('a Kafka that goes away and comes back', () => {
  let server: KafkaServer;
  beforeAll(async () => {
    server = await startKafka({
      links: 1,
      // So that a test can leave records behind of which no coordinator knows.
      properties: { 'transaction.partition.verification.enable': 'false' },
    });
  }, LIMIT_MS);
  afterAll(() => server.stop());

  test(
    'an input is unavailable or taken away, then read on where it stood',
    async () => {
      const { kafka } = testKafka(server.bootstrap);
      const topic = uniqueName('changes');
      await createTopic(kafka, topic, 1);
      const producer = kafkaProducer({ kafka, compression: 'none' });
      onTestFinished(() => producer.close());
      await producer.produce(topic, [named('before'), named('before too')]);
      const member = await join({ log: kafkaEventLog({ kafka, topic, groupId: topic }) });
      const input = await member.input(0);
      input.seek(0);
      expect((await readCount(input, 2)).map(nameOf)).toEqual(['before', 'before too']);

      await server.kill();
      await eventually(async () => {
        const unavailable = (await codeOf(input.poll(200))) === 'input_unavailable';
        expect(unavailable || member.revoked.includes(0)).toBe(true);
      });
      await server.start();
      await producer.produce(topic, [named('after')]);

      const names: string[] = [];
      await eventually(async () => {
        const current = await member.input(0);
        if (current !== input) current.seek(2);
        names.push(...(await current.poll(POLL_MS)).records.map(nameOf));
        expect(names).toEqual(['after']);
      });
      expect(member.failures).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    'an output is in doubt for good, and the next one goes on from what the log holds',
    async () => {
      const { kafka } = testKafka(server.bootstrap);
      const sink = kafkaDeltaSink({ ...(await createSink(kafka, 1)), timeoutMs: 2_000 });
      const output = await sink.open(0);
      onTestFinished(() => output.close());
      await output.publish(deltasOf('before'));

      await server.kill();
      const publish = () => codeOf(output.publish(deltasOf('lost or not')));
      expect(await publish()).toBe('publish_in_doubt');
      expect(await codeOf(sink.open(0))).toBe('output_unavailable');

      await server.start();
      expect(await publish()).toBe('publish_in_doubt');
      let next: PartitionOutput | undefined;
      await eventually(async () => {
        next = await sink.open(0);
      });
      onTestFinished(() => next!.close());
      const found = await deltaNames(next!);
      expect([['before'], ['before', 'lost or not']]).toContainEqual(found);
      await next!.publish(deltasOf('after'));
      expect(await deltaNames(next!)).toEqual([...found, 'after']);
    },
    LIMIT_MS,
  );

  test(
    'a member that leaves while kafkajs starts it anew is gone for good',
    async () => {
      const [link] = server.links;
      const [proxy] = link!.proxies;
      const plain = testKafka(server.bootstrap).kafka;
      const { kafka, messages } = testKafka(link!.bootstrap);
      const restarts = () => messages.filter(({ message }) => message.includes('Restarting'));
      const topic = uniqueName('changes');
      await createTopic(plain, topic, 2);
      const groupNow = () =>
        withAdmin(plain, async (admin) => (await admin.describeGroups([topic])).groups[0]);
      const leaving = await join({ log: kafkaEventLog({ kafka, topic, groupId: topic }) });
      await leaving.input(0);

      await proxy!.goDown();
      await eventually(async () => expect([...leaving.revoked].sort()).toEqual([0, 1]));
      await proxy!.comeUp();
      // It waits until the session of who it was before is over.
      await eventually(async () => expect((await groupNow())?.state).toBe('PreparingRebalance'));
      await leaving.close();
      const before = restarts().length;

      const staying = await join({ log: kafkaEventLog({ kafka: plain, topic, groupId: topic }) });
      await staying.input(0);
      await staying.input(1);
      expect((await groupNow())?.members).toHaveLength(1);
      expect(restarts()).toHaveLength(before);
    },
    LIMIT_MS,
  );

  test(
    'requests that come at once open one connection, and a late one leaves none behind',
    async () => {
      const [link] = server.links;
      const [proxy] = link!.proxies;
      const topic = uniqueName('changes');
      await createTopic(testKafka(server.bootstrap).kafka, topic, 1);
      const cluster = kafkaCluster(testKafka(link!.bootstrap).kafka, [topic]);
      const leader = await cluster.leader(topic, 0);
      const before = proxy!.connections();
      const place = { topic, partition: 0, fromOffset: 0 };
      const fetch = fetchCall({ ...place, waitMs: 0, maxBytes: 1_000 });

      // Fetches have a connection of their own.
      await Promise.all([leader.ask(fetch), leader.ask(fetch)]);
      expect(proxy!.connections()).toBe(before + 1);

      await cluster.close();
      await eventually(async () => expect(proxy!.connections()).toBe(0));
      // The end of the connection before may still reach kafkajs, and then ends this one, too.
      await Promise.allSettled([leader.ask(fetch)]);
      await eventually(async () => expect(proxy!.connections()).toBe(0));
    },
    LIMIT_MS,
  );

  test.each([
    ['looks for a leader', (cluster: Cluster, topic: string) => cluster.leader(topic, 0)],
    ['looks around', (cluster: Cluster) => cluster.lookAgain()],
  ] as const)(
    'no connection outlives a cluster that is closed while it %s and nobody answers',
    async (_, look) => {
      const [link] = server.links;
      const [proxy] = link!.proxies;
      const { kafka, messages } = testKafka(link!.bootstrap);
      const topic = uniqueName('changes');
      await createTopic(testKafka(server.bootstrap).kafka, topic, 1);
      const cluster = kafkaCluster(kafka, [topic]);
      const asked = await cluster.leader(topic, 0);
      const askedLater = await cluster.leader(topic, 0);
      const end = edgeCall(topic, 0, 'end');
      await proxy!.goDown();
      await expect(asked.ask(end)).rejects.toThrow();
      const before = messages.length;
      const looking = look(cluster, topic);
      await eventually(async () => expect(messages.length).toBeGreaterThan(before));

      await cluster.close();
      await proxy!.comeUp();
      await Promise.allSettled([looking, askedLater.ask(end)]);

      await eventually(async () => expect(proxy!.connections()).toBe(0));
    },
    LIMIT_MS,
  );

  test(
    'a producer left in doubt goes on, and what it then writes is no repetition to the broker',
    async () => {
      const [link] = server.links;
      const [proxy] = link!.proxies;
      const { kafka } = testKafka(link!.bootstrap);
      const topic = uniqueName('changes');
      await createTopic(kafka, topic, 1);
      const producer = kafkaProducer({ kafka, compression: 'none', timeoutMs: 2_000 });
      onTestFinished(() => producer.close());
      await producer.produce(topic, [named('before')]);

      const down = proxy!.loseNextAnswer().then(() => proxy!.goDown());
      expect(await codeOf(producer.produce(topic, [named('in doubt')]))).toBe('publish_in_doubt');
      await down;
      await proxy!.comeUp();
      await eventually(() => producer.produce(topic, [named('after')]));

      const owned = ownInput(kafka, topic, 0, 128 * 1024);
      onTestFinished(() => owned.end());
      expect((await readCount(owned.input, 3)).map(nameOf)).toEqual([
        'before',
        'in doubt',
        'after',
      ]);
    },
    LIMIT_MS,
  );

  test('what a coordinator has forgotten is ended by the next output and never seen', async () => {
    const { kafka } = testKafka(server.bootstrap);
    const options = await createSink(kafka, 1);
    const sink = kafkaDeltaSink(options);
    const elder = await sink.open(0);
    await elder.publish({ deltas: namedAll('before'), deadLetters: namedAll('dead') });
    await elder.close();
    for (const topic of [options.deltaTopic, options.deadLetterTopic]) {
      await leaveHanging(options, topic, namedAll('forgotten', 'forgotten too'));
    }

    const next = await sink.open(0);
    onTestFinished(() => next.close());

    expect(await deltaNames(next)).toEqual(['before']);
    expect(await deadLetterNames(next)).toEqual(['dead']);
    await next.publish({ deltas: namedAll('after'), deadLetters: namedAll('dead too') });
    expect(await deltaNames(next)).toEqual(['before', 'after']);
    expect(await deadLetterNames(next)).toEqual(['dead', 'dead too']);
  });

  test(
    'every batch that was being published is there whole and once',
    async () => {
      const SIZE = 100;
      const BATCHES = 300;
      const { kafka } = testKafka(server.bootstrap);
      const sink = kafkaDeltaSink({ ...(await createSink(kafka, 1)), timeoutMs: 5_000 });
      const namesOf = (batch: number) =>
        Array.from({ length: SIZE }, (_, index) => `${batch}.${index}`);
      let output = await sink.open(0);
      onTestFinished(() => output.close());
      let published = 0;
      let restarted: Promise<void> | undefined;

      while (published < BATCHES) {
        // Not awaited: it happens in the middle of what follows.
        if (published === 100) restarted ??= server.kill().then(() => server.start());
        try {
          await output.publish(deltasOf(...namesOf(published)));
          published += 1;
        } catch (error) {
          if (!isHoldfastError(error) || !error.retry) throw error;
          if (error.code !== 'publish_in_doubt') continue;
          await output.close();
          await eventually(async () => {
            output = await sink.open(0);
          });
          const found = await deltaNames(output);
          expect(found.length % SIZE).toBe(0);
          published = found.length / SIZE;
        }
      }

      await restarted;
      const all = Array.from({ length: BATCHES }, (_, batch) => namesOf(batch)).flat();
      expect(await deltaNames(output)).toEqual(all);
    },
    LIMIT_MS,
  );
});

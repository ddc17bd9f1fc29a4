/** What befalls an input on a real Kafka and no other: sessions, memory, lag tools. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { codeOf } from '@holdfast/testkit/code-of.ts';
import { describeWithServices, uniqueName } from '@holdfast/testkit/services.ts';
import {
  eventually,
  join,
  named,
  numbered,
  POLL_MS,
  readToEnd,
} from '@holdfast/testkit/suites/event-log-harness.ts';
import { type Cluster, type Kafka, PartitionAssigners } from 'kafkajs';
import { expect, onTestFinished, test } from 'vitest';
import { createTopic, kafkaEventLogHarness, testKafka } from '../testing/harness.ts';
import { withAdmin } from './admin.ts';
import { kafkaEventLog } from './event-log.ts';

/** Bytes of buffers that are in use, after everything else was collected. */
const buffersInUse = (): number => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().arrayBuffers;
};

interface Coordinator {
  leaveGroup(member: { readonly groupId: string; readonly memberId: string }): Promise<unknown>;
}

/** Has the coordinator forget the group's only member, which is not told. */
const throwOut = async (kafka: Kafka, groupId: string): Promise<void> => {
  let cluster: Cluster | undefined;
  kafka.consumer({
    groupId,
    partitionAssigners: [
      (config) => {
        cluster = config.cluster;
        return PartitionAssigners.roundRobin(config);
      },
    ],
  });
  await cluster!.connect();
  await cluster!.refreshMetadata();
  const coordinator: unknown = await cluster!.findGroupCoordinator({ groupId });
  const { groups } = await withAdmin(kafka, (admin) => admin.describeGroups([groupId]));
  const { memberId } = groups[0]!.members[0]!;
  await (coordinator as Coordinator).leaveGroup({ groupId, memberId });
  await cluster!.disconnect();
};

describeWithServices('an input on Kafka', (services) => {
  const topicWith = async (records: Parameters<typeof numbered>[0]) => {
    const harness = await kafkaEventLogHarness(services().bootstrap);
    onTestFinished(() => harness.close());
    const topic = await harness.topic(1);
    if (records > 0) await topic.append(numbered(records));
    return topic;
  };

  test('of a topic that does not exist says so', async () => {
    const { kafka } = testKafka(services().bootstrap);
    const log = kafkaEventLog({ kafka, topic: uniqueName('missing'), groupId: uniqueName('g') });
    expect(await codeOf(log.partitionCount())).toBe('topic_missing');
    const handlers = { assigned: () => {}, revoked: async () => {}, failed: () => {} };
    expect(await codeOf(log.subscribe(handlers))).toBe('topic_missing');
  });

  test('keeps its member in the group while no one polls', async () => {
    const { kafka } = testKafka(services().bootstrap);
    const topic = uniqueName('changes');
    await createTopic(kafka, topic, 1);
    const sessionTimeoutMs = 6_000;
    const log = kafkaEventLog({ kafka, topic, groupId: topic, sessionTimeoutMs });
    const admin = kafka.admin();
    await admin.connect();
    onTestFinished(() => admin.disconnect());
    const members = async () => {
      const { groups } = await admin.describeGroups([topic]);
      return groups[0]!.members.map(({ memberId }) => memberId);
    };
    const member = await join({ log });
    await member.input(0);
    const joined = await members();
    expect(joined.length).toBe(1);

    const since = performance.now();
    await eventually(() =>
      expect(performance.now() - since).toBeGreaterThan(1.5 * sessionTimeoutMs),
    );

    expect(await members()).toEqual(joined);
    expect(member.revoked).toEqual([]);
    expect(member.failures).toEqual([]);
  });

  test('gets its partitions anew when the group had thrown it out unseen', async () => {
    const { kafka } = testKafka(services().bootstrap);
    const topic = uniqueName('changes');
    await createTopic(kafka, topic, 1);
    const member = await join({ log: kafkaEventLog({ kafka, topic, groupId: topic }) });
    const input = await member.input(0);

    await throwOut(kafka, topic);

    // Someone else may have owned it meanwhile: it is revoked and assigned, not kept.
    await eventually(() => expect(member.revoked).toEqual([0]));
    expect(await member.input(0)).not.toBe(input);
    expect(member.failures).toEqual([]);
  });

  test('that no one polls takes no more memory, whatever stands in its partition', async () => {
    const topic = await topicWith(0);
    const LARGE = 250_000;
    for (let count = 0; count < 20; count += 1) {
      await topic.append(
        Array.from({ length: 8 }, () => ({ ...named('large'), value: Buffer.alloc(LARGE, count) })),
      );
    }
    const input = await (await join(topic)).input(0);
    input.seek(0);
    expect((await input.poll(POLL_MS)).records.length).toBeGreaterThan(0);
    const before = buffersInUse();

    const since = performance.now();
    await eventually(() => expect(performance.now() - since).toBeGreaterThan(1_500));

    // One page of at least 128 KiB, which is at most one send of 512 KiB here, and its copies.
    expect(buffersInUse() - before).toBeLessThan(4 * 1024 * 1024);
    input.seek(0);
    expect((await readToEnd(input)).length).toBe(160);
  });

  test('says how far it has read, for the tools that show a group’s lag', async () => {
    const topic = await topicWith(10);
    const input = await (await join(topic)).input(0);
    input.seek(0);
    await readToEnd(input);
    const { kafka } = testKafka(services().bootstrap);
    const admin = kafka.admin();
    await admin.connect();
    onTestFinished(() => admin.disconnect());
    await eventually(async () => {
      const offsets = await admin.fetchOffsets({ groupId: topic.log.topic });
      expect(offsets.map(({ partitions }) => partitions[0]!.offset)).toEqual(['10']);
    });
  });
});

/** What a service does where the world is not (or not any more) as it needs it. */

import { startRedis } from '@holdfast/testkit/launchers/redis.ts';
import { describeWithServices } from '@holdfast/testkit/services.ts';
import { expect, test } from 'vitest';
import { runToEnd, startChild } from '../../../test/e2e/child.ts';
import { openPipe, SOON } from '../../../test/e2e/pipe.ts';

const ready = async (url: string): Promise<readonly [status: number, why: string]> => {
  const response = await fetch(`${url}/readyz`);
  return [response.status, await response.text()];
};

const lastLine = (stderr: string): unknown => JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '');

describeWithServices('starting up', (services) => {
  test('processor and exporter wait for Redis, say so, and go on when it is there (again)', async () => {
    await using pipe = await openPipe(services());
    const redis = await startRedis();
    try {
      await redis.terminate();
      const env = { ...pipe.env, HOLDFAST_REDIS_URL: redis.url };
      await using processor = await startChild('processor', env);
      await using exporter = await startChild('exporter', env);
      const both = [processor.url, exporter.url];
      const expectAway = async (): Promise<void> => {
        for (const url of both) {
          await expect
            .poll(() => ready(url), SOON)
            .toEqual([503, expect.stringContaining('the projection store cannot be reached')]);
          expect((await fetch(`${url}/healthz`)).status).toBe(200);
        }
        // Counters of 0 would look like a reset: nothing at all is shown.
        expect((await fetch(`${exporter.url}/metrics`)).status).toBe(503);
        expect((await fetch(`${processor.url}/metrics`)).status).toBe(200);
      };
      const expectThere = async (): Promise<void> => {
        for (const url of both) {
          await expect
            .poll(() => ready(url), SOON)
            .toEqual([200, expect.stringContaining('ready: ')]);
        }
        expect((await fetch(`${exporter.url}/metrics`)).status).toBe(200);
      };

      await expectAway();
      await redis.start();
      await expectThere();
      await redis.terminate();
      await expectAway();
      await redis.start();
      await expectThere();
      expect(await processor.end('SIGTERM')).toBe(0);
      expect(await exporter.end('SIGTERM')).toBe(0);
    } finally {
      await redis.stop();
    }
  });

  test.each(['processor', 'exporter'])(
    'the %s ends with 1 and says what to do where a topic is missing',
    async (service) => {
      await using pipe = await openPipe(services());
      const { code, stderr } = await runToEnd(service, {
        ...pipe.env,
        HOLDFAST_TOPIC_CHANGES: `${pipe.topics.changes}.mistyped`,
      });
      expect(code).toBe(1);
      expect(lastLine(stderr)).toMatchObject({
        level: 'error',
        service,
        code: 'topic_missing',
        message: expect.stringContaining('mistyped'),
        action: 'Create or alter the topic as docs/OPERATIONS.md says.',
      });
    },
  );

  test('a service ends with 1 and says so where its port is taken', async () => {
    await using pipe = await openPipe(services());
    await using first = await startChild('exporter', pipe.env);
    const { port } = new URL(first.url);
    const { code, stderr } = await runToEnd('exporter', { ...pipe.env, HOLDFAST_HTTP_PORT: port });
    expect(code).toBe(1);
    expect(lastLine(stderr)).toMatchObject({ code: 'listen_failed' });
  });

  test('setup makes what is missing, and nothing more when it is there', async () => {
    await using pipe = await openPipe(services(), { partitions: 3 });
    const env = {
      HOLDFAST_KAFKA_BOOTSTRAP: pipe.services.bootstrap,
      HOLDFAST_REGISTRY_URL: pipe.services.registryUrl,
      HOLDFAST_TOPIC_CHANGES: `${pipe.topics.changes}.made`,
      HOLDFAST_TOPIC_DELTAS: `${pipe.topics.deltas}.made`,
      HOLDFAST_TOPIC_DEAD_LETTERS: `${pipe.topics.deadLetters}.made`,
      HOLDFAST_TOPIC_METRICS: `${pipe.topics.metrics}.made`,
      HOLDFAST_PARTITIONS: '5',
    };
    for (let times = 0; times < 2; times += 1) {
      const { code, stderr } = await runToEnd('setup', env);
      expect([code, stderr]).toEqual([0, expect.stringContaining('the schemas are there')]);
    }
    const admin = pipe.kafka.admin();
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata({ topics: [env.HOLDFAST_TOPIC_DELTAS] });
    await admin.disconnect();
    expect(topics[0]?.partitions).toHaveLength(5);

    const mistyped = await runToEnd('setup', {
      ...env,
      HOLDFAST_TOPIC_DELTAS: pipe.topics.deltas,
    });
    expect(mistyped.code).toBe(1);
    expect(lastLine(mistyped.stderr)).toMatchObject({
      message: expect.stringContaining(`${pipe.topics.deltas} has 3 partitions`),
    });
  });
});

/** What befalls an output on a real Kafka and no other. */

import { randomBytes } from 'node:crypto';
import { codeOf } from '@holdfast/testkit/code-of.ts';
import { describeWithServices } from '@holdfast/testkit/services.ts';
import {
  deadLetterNames,
  deltaNames,
  deltasOf,
  named,
  namedAll,
} from '@holdfast/testkit/suites/delta-sink-harness.ts';
import { expect, onTestFinished, test } from 'vitest';
import { createSink, dieWhilePublishing, testKafka } from '../testing/harness.ts';
import { kafkaDeltaSink } from './delta-sink.ts';

describeWithServices('an output on Kafka', (services) => {
  test('of whose batch one record is refused shows nothing of it, and goes on', async () => {
    const { kafka } = testKafka(services().bootstrap);
    const sink = kafkaDeltaSink(await createSink(kafka, 1, { 'max.message.bytes': '600000' }));
    const output = await sink.open(0);
    onTestFinished(() => output.close());
    const position = await output.publish(deltasOf('before'));
    // Random, so that it is still too large when it is packed.
    const large = { ...named('too large'), value: randomBytes(700_000) };

    for (let attempt = 0; attempt < 2; attempt += 1) {
      const refused = output.publish({ deltas: namedAll('a', 'b'), deadLetters: [large] });
      expect(await codeOf(refused)).toBe('output_unavailable');
    }

    expect(await deltaNames(output)).toEqual(['before']);
    const after = await output.publish({
      deltas: namedAll('after'),
      deadLetters: namedAll('dead'),
    });
    expect(after.deltaOffset).toBeGreaterThan(position.deltaOffset);
    expect(await deltaNames(output)).toEqual(['before', 'after']);
    expect(await deltaNames(output, position.deltaOffset)).toEqual(['after']);
    expect(await deadLetterNames(output)).toEqual(['dead']);
  });

  test('is seen from outside to have a batch under way, until that has ended', async () => {
    const { kafka } = testKafka(services().bootstrap);
    const options = await createSink(kafka, 1);
    const sink = kafkaDeltaSink(options);
    expect(await sink.isUnderWay(0)).toBe(false);
    await dieWhilePublishing(options, 0, {
      deltas: namedAll('a'),
      deadLetters: namedAll('dead'),
    });
    expect(await sink.isUnderWay(0)).toBe(true);
    expect(await sink.lastDelta(0)).toBe(null);
    const output = await sink.open(0);
    onTestFinished(() => output.close());
    await output.publish(deltasOf('b'));
    expect(await sink.isUnderWay(0)).toBe(false);
    expect(await deltaNames(output)).toEqual(['b']);
  });

  test('is not opened where its topics are missing', async () => {
    const { kafka } = testKafka(services().bootstrap);
    const options = await createSink(kafka, 1);
    const sink = kafkaDeltaSink({
      ...options,
      deltaTopic: `${options.deltaTopic}-x`,
      timeoutMs: 500,
    });
    expect(await codeOf(sink.open(0))).toBe('output_unavailable');
  });
});

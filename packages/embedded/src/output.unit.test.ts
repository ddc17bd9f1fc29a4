import { deltaSinkSuite } from '@holdfast/testkit/suites/delta-sink-suite.ts';
import { expect, test } from 'vitest';
import { embeddedDeltaSink } from './output.ts';

deltaSinkSuite('embedded', async () => ({
  sink: async (partitions) => ({
    sink: embeddedDeltaSink({ partitions }),
    // A batch is written in one piece: who dies before that leaves nothing.
    dieWhilePublishing: async () => {},
  }),
  close: async () => {},
}));

test('the latest records are kept, as many as asked for at least, and the log goes on', async () => {
  const sink = embeddedDeltaSink({ partitions: 1, keep: 10 });
  const output = await sink.open(0);
  let next = 0;
  for (let batch = 0; batch < 100; batch += 1) {
    const deltas = [{ key: null, value: Buffer.from(String(batch)), headers: {} }];
    next = (await output.publish({ deltas, deadLetters: [] })).deltaOffset;
  }
  const kept = sink.deltas(0);
  expect(kept.length).toBeGreaterThanOrEqual(10);
  expect(kept.length).toBeLessThanOrEqual(20);
  expect(String(kept.at(-1)!.value)).toBe('99');
  expect(kept.at(-1)!.offset).toBe(next - 1);
  await expect(output.readDeltas(0)[Symbol.asyncIterator]().next()).rejects.toThrow(/not 0/);
});

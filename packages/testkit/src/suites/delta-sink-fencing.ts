/** Who may publish: a newer output, and what an elder leaves behind. */

import { isHoldfastError } from '@holdfast/domain/errors.ts';
import type { OutputBatch, PartitionOutput } from '@holdfast/pipeline/ports.ts';
import { expect, test } from 'vitest';
import {
  type DeltaSinkHarness,
  deadLetterNames,
  deltaNames,
  deltasOf,
  namedAll,
  open,
} from './delta-sink-harness.ts';

const expectFenced = (output: PartitionOutput, batch: OutputBatch): Promise<void> =>
  expect(output.publish(batch)).rejects.toSatisfy((error) =>
    isHoldfastError(error, 'publish_fenced'),
  );

export const fencingTests = (harness: () => DeltaSinkHarness): void => {
  test('a second output fences the first, for good', async () => {
    const sink = await harness().sink(1);
    const elder = await open(sink);
    await elder.publish(deltasOf('by the elder'));
    const newer = await open(sink);

    await expectFenced(elder, deltasOf('too late'));
    await newer.publish(deltasOf('by the newer'));
    await expectFenced(elder, { deltas: [], deadLetters: namedAll('too late again') });

    expect(await deltaNames(newer)).toEqual(['by the elder', 'by the newer']);
    expect(await deadLetterNames(newer)).toEqual([]);
  });

  test('a fenced output can still read', async () => {
    const sink = await harness().sink(1);
    const elder = await open(sink);
    const newer = await open(sink);
    await expectFenced(elder, deltasOf('too late'));
    await newer.publish(deltasOf('by the newer'));
    expect(await deltaNames(elder)).toEqual(['by the newer']);
  });

  test('an output that never published is fenced as well', async () => {
    const sink = await harness().sink(1);
    const outputs: PartitionOutput[] = [];
    for (let count = 0; count < 4; count += 1) outputs.push(await open(sink));
    const latest = outputs.pop()!;
    for (const output of outputs) await expectFenced(output, deltasOf('too late'));
    await latest.publish(deltasOf('by the latest'));
    expect(await deltaNames(latest)).toEqual(['by the latest']);
  });

  test('outputs of other partitions are not fenced', async () => {
    const sink = await harness().sink(2);
    const one = await open(sink, 1);
    await open(sink, 0);
    await open(sink, 0);
    await one.publish(deltasOf('in peace'));
    expect(await deltaNames(one)).toEqual(['in peace']);
  });

  test('a newer output goes on where the elder ended, closed or not', async () => {
    const sink = await harness().sink(1);
    const elder = await sink.sink.open(0);
    await elder.publish({ deltas: namedAll('d1'), deadLetters: namedAll('l1') });
    await elder.close();
    const newer = await open(sink);
    const opened = await newer.publish({ deltas: [], deadLetters: [] });
    expect(opened).toEqual(await newer.end());
    expect(await deltaNames(newer, opened.deltaOffset)).toEqual([]);
    const position = await newer.publish(deltasOf('d2'));
    expect(position.deadLetterOffset).toBe(opened.deadLetterOffset);
    expect(await deltaNames(newer, opened.deltaOffset)).toEqual(['d2']);
    expect(await deltaNames(newer)).toEqual(['d1', 'd2']);
  });

  test('what a publisher left unfinished is never seen and holds no one up', async () => {
    const sink = await harness().sink(1);
    const elder = await open(sink);
    await elder.publish(deltasOf('whole'));
    await sink.dieWhilePublishing(0, {
      deltas: namedAll('half', 'done'),
      deadLetters: namedAll('half dead'),
    });

    const newer = await open(sink);

    expect(await deltaNames(newer)).toEqual(['whole']);
    expect(await deadLetterNames(newer)).toEqual([]);
    await newer.publish({ deltas: namedAll('next'), deadLetters: namedAll('dead') });
    expect(await deltaNames(newer)).toEqual(['whole', 'next']);
    expect(await deadLetterNames(newer)).toEqual(['dead']);
  });
};

/** What is read back, from where, and that reading ends where the log ends. */

import { randomBytes } from 'node:crypto';
import { isHoldfastError } from '@holdfast/domain/errors.ts';
import { expect, test } from 'vitest';
import {
  type DeltaSinkHarness,
  deadLetterNames,
  deltaNames,
  deltasOf,
  namedAll,
  nameOf,
  offsetsOf,
  open,
  readAll,
} from './delta-sink-harness.ts';

export const readingTests = (harness: () => DeltaSinkHarness): void => {
  test('logs to which nothing was published are read to their end at once', async () => {
    const output = await open(await harness().sink(1));
    expect(await output.end()).toEqual({ deltaOffset: 0, deadLetterOffset: 0 });
    expect(await deltaNames(output)).toEqual([]);
    expect(await deadLetterNames(output)).toEqual([]);
  });

  test('the last delta is the last that is committed; asking fences nobody and waits for nobody', async () => {
    const it = await harness().sink(1);
    expect(await it.sink.lastDelta(0)).toBeNull();
    const output = await open(it);
    await output.publish(deltasOf('a', 'b'));
    await output.publish({ deltas: [], deadLetters: namedAll('l') });
    expect(nameOf((await it.sink.lastDelta(0))!)).toBe('b');
    await output.publish(deltasOf('c'));
    await it.dieWhilePublishing(0, { deltas: namedAll('d'), deadLetters: namedAll('m') });
    expect(nameOf((await it.sink.lastDelta(0))!)).toBe('c');
  });

  test('reading starts at the offset asked for', async () => {
    const output = await open(await harness().sink(1));
    await output.publish(deltasOf('a', 'b', 'c'));
    await output.publish(deltasOf('d', 'e'));
    const offsets = offsetsOf(await readAll(output.readDeltas(0)));
    for (const [index, offset] of offsets.entries()) {
      expect(await deltaNames(output, offset)).toEqual(['a', 'b', 'c', 'd', 'e'].slice(index));
    }
  });

  test('nothing is left to read from a position that was answered, nor from the end', async () => {
    const output = await open(await harness().sink(1));
    await output.publish(deltasOf('a'));
    const position = await output.publish({ deltas: namedAll('b'), deadLetters: namedAll('l') });
    expect(await deltaNames(output, position.deltaOffset)).toEqual([]);
    expect(await deadLetterNames(output, position.deadLetterOffset)).toEqual([]);
    const end = await output.end();
    expect(await deltaNames(output, end.deltaOffset)).toEqual([]);
    expect(await deadLetterNames(output, end.deadLetterOffset)).toEqual([]);
  });

  test('from a position that was answered, only what came later is read', async () => {
    const output = await open(await harness().sink(1));
    const { deltaOffset } = await output.publish(deltasOf('before'));
    await output.publish(deltasOf('after'));
    expect(await deltaNames(output, deltaOffset)).toEqual(['after']);
  });

  test('an offset past the end is an error', async () => {
    const output = await open(await harness().sink(1));
    await output.publish(deltasOf('a'));
    const { deltaOffset } = await output.end();
    await expect(deltaNames(output, deltaOffset + 1_000)).rejects.toSatisfy((error) =>
      isHoldfastError(error, 'offset_out_of_range'),
    );
  });

  test('a long log comes in pages, in order', async () => {
    const output = await open(await harness().sink(1));
    const names: string[] = [];
    for (let batch = 0; batch < 10; batch += 1) {
      const more = Array.from({ length: 2_000 }, () => randomBytes(100).toString('hex'));
      await output.publish(deltasOf(...more));
      names.push(...more);
    }
    let pages = 0;
    const found: string[] = [];
    for await (const page of output.readDeltas(0)) {
      pages += 1;
      expect(page.length).toBeGreaterThan(0);
      found.push(...page.map(({ value }) => Buffer.from(value!).toString()));
    }
    expect(found).toEqual(names);
    expect(pages).toBeGreaterThan(1);
  });
};

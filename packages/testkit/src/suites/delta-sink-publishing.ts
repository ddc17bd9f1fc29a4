/** What is published: whole, in order, at the offsets that were answered. */

import type { OutputRecord } from '@holdfast/pipeline/ports.ts';
import { expect, test } from 'vitest';
import {
  type DeltaSinkHarness,
  deadLetterNames,
  deltaNames,
  deltasOf,
  named,
  namedAll,
  offsetsOf,
  open,
  plain,
  readAll,
} from './delta-sink-harness.ts';

export const publishingTests = (harness: () => DeltaSinkHarness): void => {
  test('deltas and dead letters are read back as they were published', async () => {
    const output = await open(await harness().sink(1));
    const deltas: OutputRecord[] = [
      named('first'),
      { ...named('no key'), key: null },
      { ...named('no value'), value: null },
      { key: Buffer.alloc(0), value: Buffer.alloc(0), headers: {} },
      { ...named('any bytes'), value: Buffer.from([0, 255, 128, 10]) },
      { ...named('headers'), headers: { empty: '', 'ÄÖ 世界': 'ÄÖ 世界', long: 'x'.repeat(300) } },
    ];
    const deadLetters = [{ ...named('dead'), headers: { reason: 'malformed' } }, named('dead too')];

    await output.publish({ deltas, deadLetters });

    expect((await readAll(output.readDeltas(0))).map(plain)).toEqual(deltas.map(plain));
    expect((await readAll(output.readDeadLetters(0))).map(plain)).toEqual(deadLetters.map(plain));
  });

  test('a sequence beside headers that are shared is the last of them', async () => {
    const output = await open(await harness().sink(1));
    const headers = { 'holdfast-generation': '1', 'holdfast-as-of': '2' };
    const deltas = [0, 9, 10, 2 ** 31, Number.MAX_SAFE_INTEGER].map(
      (sequence): OutputRecord => ({ key: null, value: null, headers, sequence }),
    );
    await output.publish({
      deltas: [...deltas, { key: null, value: null, headers }],
      deadLetters: [],
    });

    expect(
      (await readAll(output.readDeltas(0))).map((read) => Object.entries(read.headers)),
    ).toEqual([
      ...deltas.map(({ sequence }) => [
        ['holdfast-generation', '1'],
        ['holdfast-as-of', '2'],
        ['holdfast-sequence', String(sequence)],
      ]),
      [
        ['holdfast-generation', '1'],
        ['holdfast-as-of', '2'],
      ],
    ]);
  });

  test('each answer is one past the last record, and offsets go on past what ends a batch', async () => {
    const output = await open(await harness().sink(1));
    const answers: number[] = [];
    for (const size of [3, 1, 2]) {
      const names = Array.from({ length: size }, (_, index) => `${size}.${index}`);
      answers.push((await output.publish(deltasOf(...names))).deltaOffset);
    }
    const records = await readAll(output.readDeltas(0));
    const offsets = offsetsOf(records);
    expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b));
    expect(offsets.slice(0, 3)).toEqual([0, 1, 2]);
    expect(answers).toEqual([offsets[2]! + 1, offsets[3]! + 1, offsets[5]! + 1]);
    expect(offsets[5]! - offsets[4]!).toBe(1);
    expect((await output.end()).deltaOffset).toBeGreaterThanOrEqual(answers[2]!);
  });

  test('a batch of one kind leaves the position of the other as it was', async () => {
    const output = await open(await harness().sink(1));
    const first = await output.publish({ deltas: namedAll('d1'), deadLetters: namedAll('l1') });
    const deltaOnly = await output.publish({ deltas: namedAll('d2'), deadLetters: [] });
    expect(deltaOnly.deadLetterOffset).toBe(first.deadLetterOffset);
    expect(deltaOnly.deltaOffset).toBeGreaterThan(first.deltaOffset);
    const deadLetterOnly = await output.publish({ deltas: [], deadLetters: namedAll('l2') });
    expect(deadLetterOnly.deltaOffset).toBe(deltaOnly.deltaOffset);
    expect(deadLetterOnly.deadLetterOffset).toBeGreaterThan(first.deadLetterOffset);
    expect(await deltaNames(output)).toEqual(['d1', 'd2']);
    expect(await deadLetterNames(output)).toEqual(['l1', 'l2']);
  });

  test('an empty batch does nothing', async () => {
    const output = await open(await harness().sink(1));
    const empty = { deltas: [], deadLetters: [] };
    expect(await output.publish(empty)).toEqual({ deltaOffset: 0, deadLetterOffset: 0 });
    expect(await output.end()).toEqual({ deltaOffset: 0, deadLetterOffset: 0 });
    const position = await output.publish(deltasOf('one'));
    expect(await output.publish(empty)).toEqual(position);
    expect(await deltaNames(output)).toEqual(['one']);
  });

  test('a batch of several megabytes comes whole and in order', async () => {
    const output = await open(await harness().sink(1));
    const names = Array.from({ length: 5_000 }, (_, index) => `${index} ${'.'.repeat(400)}`);
    const { deltaOffset } = await output.publish(deltasOf(...names));
    const records = await readAll(output.readDeltas(0));
    expect(records.map(({ value }) => Buffer.from(value!).toString())).toEqual(names);
    expect(offsetsOf(records)).toEqual(names.map((_, index) => index));
    expect(deltaOffset).toBe(names.length);
  });

  test('a dead letter of 2 MB comes whole', async () => {
    const output = await open(await harness().sink(1));
    const large = { ...named('large'), value: Buffer.alloc(2_000_000, 'large ') };
    await output.publish({ deltas: namedAll('d'), deadLetters: [named('small'), large] });
    const [, found] = await readAll(output.readDeadLetters(0));
    expect(Buffer.from(found!.value!).equals(large.value)).toBe(true);
  });

  test('partitions are apart', async () => {
    const sink = await harness().sink(2);
    const zero = await open(sink, 0);
    const one = await open(sink, 1);
    await zero.publish(deltasOf('to 0'));
    await one.publish(deltasOf('to 1'));
    await zero.publish(deltasOf('to 0 again'));
    expect(await deltaNames(zero)).toEqual(['to 0', 'to 0 again']);
    expect(await deltaNames(one)).toEqual(['to 1']);
  });

  test('many batches one right after the other are all there, once', async () => {
    const output = await open(await harness().sink(1));
    const names = Array.from({ length: 50 }, (_, index) => `batch ${index}`);
    for (const name of names) await output.publish(deltasOf(name));
    expect(await deltaNames(output)).toEqual(names);
  });
};

import { afterAll, expect, it } from 'vitest';
import { MAX_LINE_BYTES, readLines } from './lines.ts';
import { folder } from './testing.ts';

const files = folder();
afterAll(() => files.remove());

const read = async (
  content: string | Uint8Array,
): Promise<(readonly [number, string | null])[]> => {
  const found: (readonly [number, string | null])[] = [];
  for await (const lines of readLines(files.write('lines', content), () => {})) {
    for (const { number, bytes } of lines) {
      found.push([number, bytes === null ? null : Buffer.from(bytes).toString()]);
    }
  }
  return found;
};

it('counts from 1, with or without an end to the last line', async () => {
  expect(await read('a\nb\n')).toEqual([
    [1, 'a'],
    [2, 'b'],
  ]);
  expect(await read('a\nb')).toEqual([
    [1, 'a'],
    [2, 'b'],
  ]);
  expect(await read('')).toEqual([]);
});

it('counts blank lines and leaves them out', async () => {
  expect(await read('\n  \t\r\na\r\n\nb')).toEqual([
    [3, 'a\r'],
    [5, 'b'],
  ]);
});

it('takes a byte order mark for none of the first line', async () => {
  expect(await read('\ufeffa\n\ufeffb\n')).toEqual([
    [1, 'a'],
    [2, '\ufeffb'],
  ]);
});

it('puts lines together whatever blocks they came in, characters of several bytes too', async () => {
  const lines = Array.from({ length: 400 }, (_, index) => `${index}`.padEnd(index * 7, 'é'));
  expect(await read(lines.join('\n'))).toEqual(lines.map((line, index) => [index + 1, line]));
});

it('takes a line of the greatest length whole, a longer one as too long, and goes on after it', async () => {
  const longest = 'x'.repeat(MAX_LINE_BYTES);
  expect(await read(`${longest}\na`)).toEqual([
    [1, longest],
    [2, 'a'],
  ]);
  expect(await read(`${longest}x\na`)).toEqual([
    [1, null],
    [2, 'a'],
  ]);
  expect(await read(`a\n${longest}${longest}`)).toEqual([
    [1, 'a'],
    [2, null],
  ]);
});

it('says how much of the file it has read', async () => {
  const content = 'a\n'.repeat(100_000);
  let bytes = 0;
  const lines = readLines(files.write('counted', content), (more) => {
    bytes += more;
  });
  for await (const _ of lines);
  expect(bytes).toBe(content.length);
});

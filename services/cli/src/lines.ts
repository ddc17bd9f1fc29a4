/**
 * A file as a stream of lines, read once, from a pipe as well as from a disk. Bytes stay bytes:
 * whether they are text is the decoder's to say. Memory is bounded by one block and one line.
 */

import { createReadStream } from 'node:fs';
import { HoldfastError } from '@holdfast/domain/errors.ts';

/** A line of the file; its bytes are null where it is longer than any record may be. */
export interface FileLine {
  /** From 1. */
  readonly number: number;
  readonly bytes: Uint8Array | null;
}

export const MAX_LINE_BYTES = 8 * 1024 * 1024;
const BLOCK_BYTES = 64 * 1024;
const NEWLINE = 10;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The lines of each block that was read; those with nothing but white space are counted and left
 * out. `onBytes` hears of every block. Throws `bad_file`.
 */
export async function* readLines(
  path: string,
  onBytes: (bytes: number) => void,
): AsyncGenerator<readonly FileLine[]> {
  let number = 0;
  let rest: Buffer[] = [];
  let restBytes = 0;

  const take = (end: Buffer, lines: FileLine[]): void => {
    number += 1;
    const parts = [...rest, end];
    const bytes = restBytes + end.length;
    [rest, restBytes] = [[], 0];
    if (bytes > MAX_LINE_BYTES) {
      lines.push({ number, bytes: null });
      return;
    }
    let line = parts.length === 1 ? end : Buffer.concat(parts);
    if (number === 1 && line.subarray(0, 3).equals(BYTE_ORDER_MARK)) line = line.subarray(3);
    if (!isBlank(line)) lines.push({ number, bytes: line });
  };

  for await (const block of blocksOf(path)) {
    onBytes(block.length);
    const lines: FileLine[] = [];
    let start = 0;
    for (let end = block.indexOf(NEWLINE); end >= 0; end = block.indexOf(NEWLINE, start)) {
      take(block.subarray(start, end), lines);
      start = end + 1;
    }
    if (start < block.length) {
      // Of a line that is too long already, only its length matters.
      if (restBytes > MAX_LINE_BYTES) rest = [];
      else rest.push(block.subarray(start));
      restBytes += block.length - start;
    }
    yield lines;
  }
  const lines: FileLine[] = [];
  if (restBytes > 0) take(Buffer.alloc(0), lines);
  yield lines;
}

async function* blocksOf(path: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path, { highWaterMark: BLOCK_BYTES }) as AsyncIterable<Buffer>;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new HoldfastError('bad_file', reason, { cause: error });
  }
}

function isBlank(line: Buffer): boolean {
  for (const byte of line) {
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  }
  return true;
}

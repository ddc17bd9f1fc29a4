/**
 * Headers of records as they stand in a batch. Most records have the headers of the one before, in
 * the same object: these are worked on once.
 */

import { HEADERS } from '@holdfast/pipeline/headers.ts';
import type { Headers, OutputRecord } from '@holdfast/pipeline/ports.ts';
import { varintSize, writeVarint } from './bytes.ts';

export interface EncodedHeaders {
  /** The sequence included. */
  readonly count: number;
  /** All but the text of the sequence, which follows where there is one. */
  readonly bytes: Uint8Array;
}

const SEQUENCE_NAME = Buffer.from(HEADERS.sequence);

const encode = (headers: Headers, withSequence: boolean): EncodedHeaders => {
  const texts = Object.entries(headers)
    .flat()
    .map((text) => Buffer.from(text));
  if (withSequence) texts.push(SEQUENCE_NAME);
  const size = texts.reduce((sum, text) => sum + varintSize(text.length) + text.length, 0);
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const text of texts) {
    at = writeVarint(bytes, at, text.length);
    bytes.set(text, at);
    at += text.length;
  }
  return { count: Math.ceil(texts.length / 2), bytes };
};

/** Encodes anew where the headers are another object than those of the record before. */
export const headerEncoder = (): ((record: OutputRecord) => EncodedHeaders) => {
  let before: Headers | null = null;
  let hadSequence = false;
  let encoded: EncodedHeaders;
  return ({ headers, sequence }) => {
    const withSequence = sequence !== undefined;
    if (headers !== before || withSequence !== hadSequence) {
      encoded = encode(headers, withSequence);
      before = headers;
      hadSequence = withSequence;
    }
    return encoded;
  };
};

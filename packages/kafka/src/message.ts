/**
 * Bodies of Kafka requests and answers: fields one after the other, as the protocol's guide lists
 * them. Holds no knowledge of any request.
 * Source: https://kafka.apache.org/protocol
 */

import { type Cursor, readInt64, writeInt64 } from './bytes.ts';

export interface MessageWriter {
  int8(value: number): MessageWriter;
  int16(value: number): MessageWriter;
  int32(value: number): MessageWriter;
  int64(value: number): MessageWriter;
  /** 16 bits of length, then UTF-8; null is length -1. */
  text(value: string | null): MessageWriter;
  /** 32 bits of length, then the bytes. */
  bytes(value: Buffer): MessageWriter;
  end(): Buffer;
}

export const messageWriter = (): MessageWriter => {
  const parts: Buffer[] = [];
  const fixed = (size: number, write: (part: Buffer) => void): MessageWriter => {
    const part = Buffer.allocUnsafe(size);
    write(part);
    parts.push(part);
    return writer;
  };
  const writer: MessageWriter = {
    int8: (value) => fixed(1, (part) => part.writeInt8(value)),
    int16: (value) => fixed(2, (part) => part.writeInt16BE(value)),
    int32: (value) => fixed(4, (part) => part.writeInt32BE(value)),
    int64: (value) => fixed(8, (part) => writeInt64(part, 0, value)),
    text: (value) => {
      if (value === null) return writer.int16(-1);
      const part = Buffer.from(value);
      writer.int16(part.length);
      parts.push(part);
      return writer;
    },
    bytes: (value) => {
      writer.int32(value.length);
      parts.push(value);
      return writer;
    },
    end: () => Buffer.concat(parts),
  };
  return writer;
};

export const int16 = (from: Cursor): number => {
  from.at += 2;
  return from.bytes.readInt16BE(from.at - 2);
};

export const int32 = (from: Cursor): number => {
  from.at += 4;
  return from.bytes.readInt32BE(from.at - 4);
};

export const int64 = (from: Cursor): number => {
  from.at += 8;
  return readInt64(from.bytes, from.at - 8);
};

export const text = (from: Cursor): string => {
  const length = int16(from);
  const start = from.at;
  from.at = start + Math.max(length, 0);
  return from.bytes.toString('utf8', start, from.at);
};

/** A view of bytes that carry 32 bits of length; empty where the length is -1. */
export const bytes = (from: Cursor): Buffer => {
  const length = Math.max(int32(from), 0);
  from.at += length;
  return from.bytes.subarray(from.at - length, from.at);
};

/** Elements after 32 bits of count; none where the count is -1. */
export const list = <T>(from: Cursor, read: (from: Cursor) => T): T[] => {
  const elements: T[] = [];
  for (let left = int32(from); left > 0; left -= 1) elements.push(read(from));
  return elements;
};

/** One request of one version, and how its answer is read. */
export interface Call<T> {
  readonly name: string;
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly body: Buffer;
  /** Where the answer says how long to hold back: its first or its last 32 bits. */
  readonly throttle: 'first' | 'last';
  /** Throws BrokerRefusal where the answer is an error. */
  readonly decode: (answer: Cursor) => T;
}

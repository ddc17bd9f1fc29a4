/**
 * Confluent's framing of Avro on Kafka: a zero byte, the writer's schema id in four bytes (the
 * greatest first), then the record.
 */

import type { ByteWriter } from './byte-writer.ts';

const MAGIC = 0;

/** Where the record begins. */
export const PREFIX_BYTES = 5;

/** Why bytes can't begin a framed record, or null. */
export const framingFault = (value: Uint8Array): string | null => {
  if (value.length === 0) return 'the value is empty; write a whole record';
  if (value[0] !== MAGIC) {
    return `first byte ${value[0]}; want 0 (Confluent wire format: 0, schema id, Avro)`;
  }
  if (value.length < PREFIX_BYTES) {
    return `the value has ${value.length} bytes; want a zero byte, a schema id of 4 bytes and the record`;
  }
  return null;
};

/** The id of the writer's schema; the framing has been checked. */
export const schemaId = (value: Uint8Array): number =>
  ((value[1]! << 24) | (value[2]! << 16) | (value[3]! << 8) | value[4]!) >>> 0;

/** Begins a record in an empty writer. */
export const writePrefix = (writer: ByteWriter, id: number): void => {
  writer.writeByte(MAGIC);
  writer.writeUint32(id);
};

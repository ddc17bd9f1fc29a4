/**
 * Framed Avro into records: knows the schemas that writers used, by their ids, and reads each as
 * our newest. Schemas are learned between records, never while one is read.
 */

import { type Rejection, reject } from '@holdfast/domain/rejection.ts';
import { type FaultKind, findFault } from './avro-fault.ts';
import { foreignType, readerType, recordNamed } from './avro-records.ts';
import { type Compiled, type Readable, resolve } from './avro-types.ts';
import { ByteReader } from './byte-reader.ts';
import type { WriterLearning, WriterSchemas } from './codec.ts';
import { avroName, type RecordName, schemaText } from './schemas.ts';
import { showError } from './show.ts';
import { framingFault, PREFIX_BYTES, schemaId } from './wire-format.ts';

/** Ids are taken from bytes that anyone may send, so only so many are remembered. */
const MOST_SCHEMAS = 4096;

export interface AvroDecoder<T> extends WriterLearning {
  decode(value: Uint8Array): T | Rejection | 'schema_unknown';
}

/** A writer's schema that one of our records can be read from. */
interface Known {
  readonly writer: Compiled;
  readonly reader: Compiled;
  readonly resolver: Readable;
}

/**
 * Reads any of `records`, which are `T` as their schemas stand. `own`: ids of our own newest
 * schemas, which need no learning.
 */
export const avroDecoder = <T extends object>(
  records: readonly RecordName[],
  writerSchemas: WriterSchemas,
  own: ReadonlyMap<number, RecordName> = new Map(),
): AvroDecoder<T> => {
  const readers = new Map(records.map((record) => [record, readerType(record)]));
  const schemas = new Map<number, Known | Rejection>();
  const input = new ByteReader();

  const remember = (id: number, schema: Known | Rejection): void => {
    if (schemas.size >= MOST_SCHEMAS) {
      const oldest = schemas.keys().find((other) => !own.has(other));
      if (oldest !== undefined) schemas.delete(oldest);
    }
    schemas.set(id, schema);
  };

  const known = (writer: Compiled, record: RecordName): Known => {
    const reader = readers.get(record)!;
    return { writer, reader, resolver: resolve(reader, writer) };
  };

  const judge = (id: number, text: string | null): Known | Rejection => {
    if (text === null) {
      return reject('malformed', `schema id ${id} is not in the registry; register the schema`);
    }
    try {
      const writer = foreignType(text);
      const record = recordNamed(writer.name, records);
      if (record !== undefined) return known(writer, record);
      const wanted = records.map(avroName).join(' or ');
      return reject(
        'malformed',
        `schema id ${id} is ${writer.name ?? 'no record'}; want ${wanted}`,
      );
    } catch (error) {
      return reject(
        'malformed',
        `schema id ${id} can't be read as ours (${showError(error)}); change schemas compatibly only`,
      );
    }
  };

  for (const [id, record] of own) schemas.set(id, known(foreignType(schemaText(record)), record));

  /** Names the field. A fault that can't be found again is ours, not the record's. */
  const blame = (kind: FaultKind, schema: Known, value: Uint8Array, error: unknown): Rejection => {
    input.reset(value, PREFIX_BYTES);
    const fault = findFault(kind, schema.writer, schema.reader, input);
    if (fault === null) throw error;
    return fault;
  };

  const read = (schema: Known, value: Uint8Array): T | Rejection => {
    input.reset(value, PREFIX_BYTES);
    let record: unknown;
    try {
      record = schema.resolver._read(input);
    } catch (error) {
      return blame('unreadable', schema, value, error);
    }
    if (input.remaining() > 0) {
      return reject(
        'malformed',
        `${input.remaining()} bytes stand after the record; write it with the schema it names`,
      );
    }
    if (input.sawUnknownSymbol) {
      return blame('symbol', schema, value, new Error('an unknown symbol that no field carries'));
    }
    return record as T;
  };

  const knows = (value: Uint8Array): boolean =>
    framingFault(value) !== null || schemas.has(schemaId(value));

  return {
    knows,

    decode(value) {
      const fault = framingFault(value);
      if (fault !== null) return reject('malformed', fault);
      const schema = schemas.get(schemaId(value));
      if (schema === undefined) return 'schema_unknown';
      return 'rejected' in schema ? schema : read(schema, value);
    },

    async learn(value) {
      if (knows(value)) return;
      const id = schemaId(value);
      remember(id, judge(id, await writerSchemas.fetch(id)));
    },
  };
};

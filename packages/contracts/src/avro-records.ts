/**
 * Our records as Avro types whose fields carry TypeScript's names, so that avsc's compiled
 * readers build domain objects themselves and no second conversion is needed. Names are no part
 * of Avro's bytes; aliases tie each field to its name on the wire.
 */

import type avsc from 'avsc';
import { type Compiled, compileType } from './avro-types.ts';
import { avroName, type RecordName, schemaText, typeTag } from './schemas.ts';

interface FieldSchema {
  readonly name: string;
  readonly type: unknown;
  readonly aliases?: readonly string[];
}

interface RecordSchema {
  readonly type: 'record';
  readonly fields: readonly FieldSchema[];
}

const isObject = (schema: unknown): schema is Record<string, unknown> =>
  typeof schema === 'object' && schema !== null && !Array.isArray(schema);

const isRecord = (schema: unknown): schema is RecordSchema =>
  isObject(schema) && schema.type === 'record' && Array.isArray(schema.fields);

/** `amount_minor` as `amountMinor`. */
export const camelCase = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** A schema, and all within it, with the names that TypeScript has for its fields. */
export const camelCased = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(camelCased);
  if (isRecord(schema)) {
    const fields = schema.fields.map((field) => ({
      ...field,
      name: camelCase(field.name),
      aliases: [field.name, ...(field.aliases ?? [])],
      type: camelCased(field.type),
    }));
    return { ...schema, fields };
  }
  if (!isObject(schema)) return schema;
  const copy = { ...schema };
  for (const part of ['type', 'items', 'values']) {
    if (typeof copy[part] === 'object') copy[part] = camelCased(copy[part]);
  }
  return copy;
};

const newest = (record: RecordName): RecordSchema =>
  camelCased(JSON.parse(schemaText(record))) as RecordSchema;

const compileRecord = (schema: unknown): Compiled => compileType(schema as avsc.Schema);

/** The newest version of a record, as it is read: with the `type` that the domain tells it by. */
export const readerType = (record: RecordName): Compiled => {
  const schema = newest(record);
  const type = { name: 'type', type: 'string', default: typeTag(record) };
  return compileRecord({ ...schema, fields: [type, ...schema.fields] });
};

/** The newest version of a record, as it is written. */
export const writerType = (record: RecordName): Compiled => compileRecord(newest(record));

/**
 * The schema that some writer used, from its text. A field `type` of the record itself is set
 * aside, for it is no field of ours and the reader's `type` must not be read from it.
 * Throws JSON's or avsc's error where the text is no Avro schema.
 */
export const foreignType = (text: string): Compiled => {
  const schema: unknown = JSON.parse(text);
  if (!isRecord(schema)) return compileRecord(schema);
  const fields = schema.fields.map((field) =>
    field.name === 'type' ? { ...field, name: 'type_' } : field,
  );
  return compileRecord({ ...schema, fields });
};

/** The record that carries an Avro name, if it is one of these. */
export const recordNamed = <Name extends RecordName>(
  name: string | undefined,
  records: readonly Name[],
): Name | undefined => records.find((record) => avroName(record) === name);

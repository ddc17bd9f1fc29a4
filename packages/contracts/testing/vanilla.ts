/**
 * The other opinion: the schema files read by avsc as it comes, with nothing of ours in between.
 * What our codecs write must be what it writes, and what it writes they must read.
 */

import avsc from 'avsc';
import { type RecordName, schemaText } from '../src/schemas.ts';

export interface FieldSchema {
  readonly name: string;
  readonly type: unknown;
  readonly default?: unknown;
}

export interface AnySchema {
  readonly type: unknown;
  readonly name?: string;
  readonly namespace?: string;
  readonly logicalType?: string;
  readonly fields?: readonly FieldSchema[];
  readonly items?: unknown;
  readonly values?: unknown;
  readonly symbols?: readonly string[];
  readonly default?: unknown;
}

export const schemaOf = (record: RecordName, version?: number): AnySchema =>
  JSON.parse(schemaText(record, version)) as AnySchema;

export const vanillaType = (record: RecordName): avsc.Type =>
  avsc.Type.forSchema(schemaOf(record) as avsc.Schema);

/** Confluent's framing, spelled out. */
export const framed = (id: number, body: Uint8Array): Buffer => {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(id, 1);
  return Buffer.concat([prefix, body]);
};

/** The types that a schema defines under a name, wherever in it. */
const namedTypes = (schema: unknown, named = new Map<string, AnySchema>()) => {
  if (typeof schema !== 'object' || schema === null) return named;
  const { name, type } = schema as AnySchema;
  if (type === 'record' || type === 'enum') named.set(String(name), schema as AnySchema);
  for (const part of Object.values(schema)) namedTypes(part, named);
  return named;
};

type Convert = (schema: AnySchema, value: unknown) => unknown;

/** Walks a value along its schema; `leaf` converts what is no record, array, map or union. */
const along = (
  schema: unknown,
  value: unknown,
  nameIn: (field: string) => string,
  leaf: Convert,
  named = namedTypes(schema),
): unknown => {
  if (Array.isArray(schema)) {
    return value === null ? null : along(schema[1], value, nameIn, leaf, named);
  }
  const at = typeof schema === 'string' ? (named.get(schema) ?? { type: schema }) : schema;
  const part = at as AnySchema;
  if (part.fields !== undefined) {
    const object = value as Record<string, unknown>;
    return Object.fromEntries(
      part.fields.map((field) => {
        const given = object[nameIn(field.name)];
        const whole = given === undefined ? field.default : given;
        return [field.name, along(field.type, whole, nameIn, leaf, named)];
      }),
    );
  }
  if (part.items !== undefined) {
    return (value as unknown[]).map((item) => along(part.items, item, nameIn, leaf, named));
  }
  if (part.values !== undefined) {
    const entries = Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries);
  }
  return leaf(part, value);
};

/** An example of the contract's JSON form as the value that avsc writes. */
export const wireOfExample = (record: RecordName, example: unknown): unknown =>
  along(
    schemaOf(record),
    example,
    (field) => field,
    (schema, value) =>
      schema.logicalType === 'timestamp-millis' ? Date.parse(value as string) : value,
  );

/** A domain object as the value that avsc writes. */
export const wireOfDomain = (record: RecordName, value: unknown): unknown =>
  along(
    schemaOf(record),
    value,
    (field) =>
      field
        .split('_')
        .map((word, index) => (index === 0 ? word : word[0]!.toUpperCase() + word.slice(1)))
        .join(''),
    (_, leaf) => leaf,
  );

/**
 * Avro types as this package compiles them: avsc's, with the few replaced that trust their input
 * or whose output depends on the order in which an object was built. Knows nothing of Holdfast's
 * records.
 *
 * avsc compiles `_read` and `_write` and calls them with its own tap, which can't be replaced from
 * outside; so both are called from here with ours. They are private to avsc: its version is pinned
 * and the tests of this package hold them.
 */

import avsc from 'avsc';
import { ascendingKeys } from './ascending.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { Unreadable } from './unreadable.ts';

/** The symbol that stands for every symbol a reader does not know. */
export const UNKNOWN_SYMBOL = 'unknown';

/** What avsc compiles of a type, and of a resolver from one type to another. */
export interface Readable {
  _read(reader: ByteReader): unknown;
}

export interface Compiled extends avsc.Type, Readable {
  _skip(reader: ByteReader): void;
  _write(writer: ByteWriter, value: unknown): void;
}

/** avsc's type of a compiled type, with what it compiled. */
export const compiled = (type: avsc.Type): Compiled => type as Compiled;

interface Schema {
  readonly type?: unknown;
  readonly logicalType?: unknown;
}

/** Longs between the bounds of safe integers, all of them exact. */
class SafeLong extends avsc.types.LongType {
  _read(reader: ByteReader): number {
    return reader.readLong();
  }
  _write(writer: ByteWriter, value: number): void {
    writer.writeLong(value);
  }
}

class InstantLong extends SafeLong {
  override _read(reader: ByteReader): number {
    return reader.readInstant();
  }
}

/** Notes on the reader that a symbol was `unknown`, so that no record need be searched for it. */
class NotingEnum extends avsc.types.EnumType {
  _read(reader: ByteReader): string {
    const index = reader.readLong();
    const symbol = this.symbols[index];
    if (symbol === undefined) {
      throw new Unreadable(
        'malformed',
        `symbol number ${index}; want 0 to ${this.symbols.length - 1}`,
      );
    }
    if (symbol === UNKNOWN_SYMBOL) reader.sawUnknownSymbol = true;
    return symbol;
  }
}

class BoundedArray extends avsc.types.ArrayType {
  _read(reader: ByteReader): unknown[] {
    const items = this.itemsType as Compiled;
    const values: unknown[] = [];
    for (let count = reader.readCount(); count !== 0; count = reader.readCount()) {
      for (; count !== 0; count--) values.push(items._read(reader));
    }
    return values;
  }
  _skip(reader: ByteReader): void {
    const items = this.itemsType as Compiled;
    for (let count = reader.readCount(); count !== 0; count = reader.readCount()) {
      for (; count !== 0; count--) items._skip(reader);
    }
  }
}

/** Written by ascending key, so that equal maps are equal bytes. */
class SortedMap extends avsc.types.MapType {
  _read(reader: ByteReader): Record<string, unknown> {
    const values = this.valuesType as Compiled;
    const map: Record<string, unknown> = {};
    for (let count = reader.readCount(); count !== 0; count = reader.readCount()) {
      for (; count !== 0; count--) {
        const key = reader.readString();
        put(map, key, values._read(reader));
      }
    }
    return map;
  }
  _skip(reader: ByteReader): void {
    const values = this.valuesType as Compiled;
    for (let count = reader.readCount(); count !== 0; count = reader.readCount()) {
      for (; count !== 0; count--) {
        reader.skipString();
        values._skip(reader);
      }
    }
  }
  _write(writer: ByteWriter, map: Readonly<Record<string, unknown>>): void {
    const values = this.valuesType as Compiled;
    const keys = ascendingKeys(map);
    if (keys.length > 0) writer.writeLong(keys.length);
    for (const key of keys) {
      writer.writeString(key);
      values._write(writer, map[key]);
    }
    writer.writeLong(0);
  }
}

/** An assignment to `__proto__` would change the map's prototype and lose the entry. */
const put = (map: Record<string, unknown>, key: string, value: unknown): void => {
  if (key === '__proto__') {
    Object.defineProperty(map, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else {
    map[key] = value;
  }
};

/** Compiles a schema. Throws avsc's error where it is no Avro schema. */
export const compileType = (schema: avsc.Schema): Compiled =>
  compiled(
    avsc.Type.forSchema(schema, {
      omitRecordMethods: true,
      typeHook: (part, options) => {
        switch ((part as Schema).type) {
          case 'array':
            return new BoundedArray(part, options);
          case 'map':
            return new SortedMap(part, options);
          case 'enum':
            return new NotingEnum(part, options);
          case 'long':
            return (part as Schema).logicalType === 'timestamp-millis'
              ? new InstantLong()
              : new SafeLong();
          default:
            return undefined;
        }
      },
    }),
  );

/** Reads what one type wrote as another. Throws avsc's error where they are not compatible. */
export const resolve = (reader: avsc.Type, writer: avsc.Type): Readable =>
  reader.createResolver(writer) as unknown as Readable;

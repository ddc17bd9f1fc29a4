/**
 * Says which field of a record can't be read, by reading it once more, slowly, with the path in
 * hand. Compiled readers keep no path, so that records in order cost nothing for it.
 */

import { type Rejection, reject } from '@holdfast/domain/rejection.ts';
import avsc from 'avsc';
import { type Compiled, compiled, resolve, UNKNOWN_SYMBOL } from './avro-types.ts';
import type { ByteReader } from './byte-reader.ts';
import { show, showError } from './show.ts';
import { Unreadable } from './unreadable.ts';

const { ArrayType, EnumType, MapType, RecordType } = avsc.types;

/** What is looked for: bytes that can't be read, or a symbol that we do not know. */
export type FaultKind = 'unreadable' | 'symbol';

/**
 * The first fault of that kind in a record, or null. `input` stands at the record's beginning;
 * `writer` is the type it was written with, `reader` the one it is read as.
 */
export const findFault = (
  kind: FaultKind,
  writer: Compiled,
  reader: Compiled,
  input: ByteReader,
): Rejection | null => {
  const path: string[] = [];

  /** `to` is undefined where we do not know the field. */
  const step = (segment: string, from: avsc.Type, to: avsc.Type | undefined): void => {
    path.push(segment);
    if (to === undefined) compiled(from)._skip(input);
    else walk(compiled(from), compiled(to));
    path.pop();
  };

  const walk = (from: Compiled, to: Compiled): void => {
    if (from instanceof RecordType && to instanceof RecordType) {
      for (const field of from.fields) {
        const known = to.fields.find((mine) => mine.aliases.includes(field.name));
        step(path.length === 0 ? field.name : `.${field.name}`, field.type, known?.type);
      }
    } else if (from instanceof ArrayType && to instanceof ArrayType) {
      let index = 0;
      for (let count = input.readCount(); count !== 0; count = input.readCount()) {
        for (; count !== 0; count--) step(`[${index++}]`, from.itemsType, to.itemsType);
      }
    } else if (from instanceof MapType && to instanceof MapType) {
      for (let count = input.readCount(); count !== 0; count = input.readCount()) {
        for (; count !== 0; count--) {
          step(`[${show(input.readString())}]`, from.valuesType, to.valuesType);
        }
      }
    } else if (from instanceof EnumType && to instanceof EnumType) {
      const symbol = String(from._read(input));
      if (kind === 'symbol') checkSymbol(symbol, to.symbols);
    } else {
      const same = from.typeName === to.typeName && !avsc.Type.isType(from, 'union');
      // A resolver costs too much for every field of a great record that someone broke.
      (same ? to : resolve(to, from))._read(input);
    }
  };

  try {
    walk(writer, reader);
    return null;
  } catch (error) {
    const place = path.length === 0 ? 'the record' : path.join('');
    if (error instanceof Unreadable) return reject(error.reason, `${place} ${error.message}`);
    // What is left: a union's branch that its schema does not have, or nesting without end.
    return reject(
      'malformed',
      `${place} can't be read (${showError(error)}); write the record with the schema it names`,
    );
  }
};

const checkSymbol = (symbol: string, known: readonly string[]): void => {
  if (symbol !== UNKNOWN_SYMBOL && known.includes(symbol)) return;
  const wanted = known.filter((other) => other !== UNKNOWN_SYMBOL);
  throw new Unreadable('unknown_symbol', `${show(symbol)}; want ${wanted.join(', ')}`);
};

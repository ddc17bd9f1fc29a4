/**
 * Fields of a JSON object, each read as what it must be. A refusal names the field's path, the
 * value and what is wanted. Shapes only: whether a value makes sense is the domain's to say.
 */

import type { Instant } from '@holdfast/domain/scalars.ts';
import { INSTANT_FORM, parseInstant } from './instant-text.ts';
import { show } from './show.ts';
import { Unreadable } from './unreadable.ts';

export type Json = Readonly<Record<string, unknown>>;

const INT_MAX = 2 ** 31 - 1;

const refusal = (path: string, value: unknown, want: string): Unreadable =>
  value === undefined
    ? new Unreadable('malformed', `${path} is missing; want ${want}`)
    : new Unreadable('malformed', `${path} ${show(value)}; want ${want}`);

export const isJsonObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A string that UTF-8 can hold: JSON can write half a character as an escape. */
const checkText = (path: string, text: string): void => {
  if (!text.isWellFormed()) {
    throw refusal(path, text, 'whole characters (it has a lone surrogate)');
  }
};

/** `at`: the path of the object itself, empty or ending in a dot. So everywhere below. */
export const readText = (json: Json, at: string, field: string): string => {
  const value = json[field];
  if (typeof value !== 'string') throw refusal(at + field, value, 'a string');
  checkText(at + field, value);
  return value;
};

export const readTextOrNull = (json: Json, at: string, field: string): string | null => {
  if (json[field] === null) return null;
  if (typeof json[field] !== 'string') throw refusal(at + field, json[field], 'a string or null');
  return readText(json, at, field);
};

const readBounded = (json: Json, at: string, field: string, min: number, max: number): number => {
  const value = json[field];
  if (typeof value !== 'number') throw refusal(at + field, value, 'an integer');
  // Plus 0, so that -0, which JSON can write and Avro can't, is 0.
  if (Number.isInteger(value) && value >= min && value <= max) return value + 0;
  if (value >= min && value <= max) throw refusal(at + field, value, 'an integer');
  // Beyond safe integers JSON's reader has already rounded, so the value is not the file's.
  throw new Unreadable(
    'bad_number',
    `${at}${field} ${show(value)}; want an integer from ${min} to ${max}`,
  );
};

export const readLong = (json: Json, at: string, field: string): number =>
  readBounded(json, at, field, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);

export const readInt = (json: Json, at: string, field: string): number =>
  readBounded(json, at, field, -INT_MAX - 1, INT_MAX);

export const readInstant = (json: Json, at: string, field: string): Instant => {
  const value = json[field];
  const instant = typeof value === 'string' ? parseInstant(value) : null;
  if (instant === null) throw refusal(at + field, value, INSTANT_FORM);
  return instant;
};

export const readSymbol = <Symbol extends string>(
  json: Json,
  at: string,
  field: string,
  symbols: readonly Symbol[],
): Symbol => {
  const value = json[field];
  for (const symbol of symbols) {
    if (symbol === value) return symbol;
  }
  const want = symbols.join(', ');
  if (typeof value !== 'string') throw refusal(at + field, value, want);
  throw new Unreadable('unknown_symbol', `${at}${field} ${show(value)}; want ${want}`);
};

export const readObject = (json: Json, at: string, field: string): Json => {
  const value = json[field];
  if (!isJsonObject(value)) throw refusal(at + field, value, 'an object');
  return value;
};

const entry = (at: string, field: string, key: string): string => `${at}${field}[${show(key)}]`;

/** A map of strings; the parsed object itself, not a copy. */
export const readTexts = (
  json: Json,
  at: string,
  field: string,
): Readonly<Record<string, string>> => {
  const map = readObject(json, at, field);
  for (const key in map) {
    const value = map[key];
    if (typeof value !== 'string') throw refusal(entry(at, field, key), value, 'a string');
    if (!value.isWellFormed()) checkText(entry(at, field, key), value);
    if (!key.isWellFormed()) checkText(`the key ${entry(at, field, key)}`, key);
  }
  return map as Readonly<Record<string, string>>;
};

/** An array of objects, each read with the path at which it stands. */
export const readObjects = <T>(
  json: Json,
  at: string,
  field: string,
  read: (json: Json, at: string) => T,
): T[] => {
  const values = json[field];
  if (!Array.isArray(values)) throw refusal(at + field, values, 'an array of objects');
  const objects: T[] = [];
  for (let index = 0; index < values.length; index++) {
    const value: unknown = values[index];
    if (!isJsonObject(value)) throw refusal(`${at}${field}[${index}]`, value, 'an object');
    objects.push(read(value, `${at}${field}[${index}].`));
  }
  return objects;
};

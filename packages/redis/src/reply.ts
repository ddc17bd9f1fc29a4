/** Reads answers of scripts, in which every text is bytes. An answer of another shape is an error. */

import { HoldfastError } from '@holdfast/domain/errors.ts';

const wrong = (wanted: string): HoldfastError =>
  new HoldfastError('store_corrupt', `an answer of Redis is no ${wanted}`);

export const bytes = (reply: unknown): Buffer => {
  if (!Buffer.isBuffer(reply)) throw wrong('text');
  return reply;
};

export const text = (reply: unknown): string => bytes(reply).toString();

export const list = (reply: unknown): readonly unknown[] => {
  if (!Array.isArray(reply)) throw wrong('list');
  return reply;
};

/** The flat list of field and value that HGETALL gives. */
export const fields = (reply: unknown): Map<string, Buffer> => {
  const flat = list(reply);
  const map = new Map<string, Buffer>();
  for (let at = 0; at < flat.length; at += 2) map.set(text(flat[at]), bytes(flat[at + 1]));
  return map;
};

export const textFields = (reply: unknown): Map<string, string> => {
  const flat = list(reply);
  const map = new Map<string, string>();
  for (let at = 0; at < flat.length; at += 2) map.set(text(flat[at]), text(flat[at + 1]));
  return map;
};

/** A number as a text: digits, sign, point and exponent; nothing else. */
export const number = (value: string | undefined, name: string): number => {
  const parsed = value === undefined || value.trim() === '' ? Number.NaN : Number(value);
  if (!Number.isFinite(parsed)) {
    throw new HoldfastError('store_corrupt', `${name} is ${value ?? 'missing'}`);
  }
  return parsed;
};

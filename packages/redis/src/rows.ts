/** Reads what the scripts answer about customers and their dues. */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { CustomerRow } from '@holdfast/pipeline/ports.ts';
import { type Unpacked, unpack } from './pack.ts';
import { bytes, number, text } from './reply.ts';

export const dueOf = (reply: unknown): number | null =>
  reply === undefined || reply === null ? null : number(text(reply), 'first due');

export const rowsOf = (flat: Unpacked | undefined): readonly CustomerRow[] => {
  const rows: CustomerRow[] = [];
  if (!Array.isArray(flat)) throw new HoldfastError('store_corrupt', 'a bucket is no list');
  for (let at = 0; at < flat.length; at += 2) {
    rows.push({ customerId: String(flat[at]), value: String(flat[at + 1]) });
  }
  return rows;
};

export const unpackedList = (reply: unknown): readonly Unpacked[] => {
  const unpacked = unpack(bytes(reply));
  if (!Array.isArray(unpacked)) throw new HoldfastError('store_corrupt', 'no list of Redis');
  return unpacked;
};

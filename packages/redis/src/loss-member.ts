/**
 * Losses as members of a sorted set that sorts them by text: `window/loss/customer`. A window has no
 * slash, a loss has as many digits as the greatest safe integer; a customer may be called anything.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import { number } from './reply.ts';

const DIGITS = 16;

export const lossMember = (window: string, lossMinor: number, customerId: string): string =>
  `${window}/${String(lossMinor).padStart(DIGITS, '0')}/${customerId}`;

/** Whose it is does not matter to who asks how much it is. */
export const lossOf = (member: string): readonly [window: string, lossMinor: number] => {
  const [, window, loss] = /^([^/]+)\/(\d{16})\//.exec(member) ?? [];
  if (window === undefined) throw new HoldfastError('store_corrupt', `a loss is "${member}"`);
  return [window, number(loss, 'loss')];
};

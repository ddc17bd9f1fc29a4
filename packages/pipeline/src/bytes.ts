/** Text and bytes, and their comparisons: that of bytes proves two deltas equal. */

import { MOST_SHORT_BYTES, shortText } from '@holdfast/contracts/short-text.ts';
import { unitAt } from '@holdfast/domain/unit-at.ts';

const decoder = new TextDecoder();

export const toBytes = (text: string): Uint8Array => Buffer.from(text);
export const toText = (bytes: Uint8Array): string =>
  (bytes.length > MOST_SHORT_BYTES ? null : shortText(bytes, 0, bytes.length)) ??
  decoder.decode(bytes);

/** Whether bytes decode to this text. ASCII, as keys nearly always are, is not decoded for it. */
export function isText(bytes: Uint8Array, text: string): boolean {
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (byte >= 0x80) return toText(bytes) === text;
    if (byte !== unitAt(text, at)) return false;
  }
  return bytes.length === text.length;
}

export function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

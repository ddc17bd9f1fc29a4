/** Text and bytes, and the comparison that proves two deltas equal. */

const decoder = new TextDecoder();

export const toBytes = (text: string): Uint8Array => Buffer.from(text);
export const toText = (bytes: Uint8Array): string => decoder.decode(bytes);

export function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

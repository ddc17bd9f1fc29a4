/** Entity tags: an answer is a function of what is asked and of what the ledger holds. */

import { createHash } from 'node:crypto';

export const etagOf = (...parts: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return `"${hash.digest('base64url').slice(0, 24)}"`;
};

/** Whether an If-None-Match header names the tag, weakly compared (RFC 9110). */
export const matches = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch !== undefined &&
  (ifNoneMatch.trim() === '*' ||
    ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag));

/**
 * Whether two identities are of one log. The first record is part of a log's identity, and a log
 * may have had control records, and so offsets, before it had one.
 */

/** The identity was taken before the log had its first record. */
export const isOfEmptyLog = (incarnation: string): boolean => incarnation.endsWith('/');

export const isSameLog = (stored: string, now: string): boolean =>
  stored === now || (isOfEmptyLog(stored) && now.startsWith(stored));

/**
 * Turns what ioredis throws into the closed list. Whatever may pass by itself, because a server is
 * away, loading, failing over or out of disk, is `store_unavailable`; what someone must change
 * first is `store_refused`; foreign or damaged data are `store_corrupt`.
 */

import { HoldfastError, isHoldfastError } from '@holdfast/domain/errors.ts';

const PASSING = new Set([
  'ASK',
  'BUSY',
  'CLUSTERDOWN',
  'LOADING',
  'MASTERDOWN',
  'MISCONF',
  'MOVED',
  'NOREPLICAS',
  'READONLY',
  'TRYAGAIN',
  'UNBLOCKED',
]);

const CORRUPT = new Set(['CORRUPT', 'WRONGTYPE']);

/** Of a command that the user may not run inside a script Redis tells the name in its log only. */
const UNNAMED = "can't run this command or subcommand";

/** Redis adds where in which script a command failed; the first line of it is enough. */
const inWords = (message: string): string =>
  message
    .replace(/ ?script: [0-9a-f]{40}, on @user_script:\d+\.?$/, '')
    .replace(UNNAMED, `${UNNAMED}; ACL LOG on the server names it`);

/**
 * @param lastTrouble what the connection last failed with: ioredis gives up on a command without
 * saying why.
 */
export const storeError = (error: unknown, lastTrouble: string | null): HoldfastError => {
  if (isHoldfastError(error)) return error;
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  if (name === 'ReplyError') {
    const code = message.slice(0, message.search(/ |$/));
    const text = inWords(message);
    if (PASSING.has(code)) return new HoldfastError('store_unavailable', text, { cause: error });
    if (CORRUPT.has(code)) return new HoldfastError('store_corrupt', text, { cause: error });
    return new HoldfastError('store_refused', text, { cause: error });
  }
  const why = lastTrouble === null ? message : `${message} (${lastTrouble})`;
  return new HoldfastError('store_unavailable', why, { cause: error });
};

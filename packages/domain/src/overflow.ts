/** A sum of ARR that a safe integer can't hold: it stops with an error, for it would round. */

import { HoldfastError } from './errors.ts';

/** `what` names the sum; the value may already be rounded. */
export const arrOverflow = (what: string, sum: number): HoldfastError =>
  new HoldfastError(
    'arr_overflow',
    `${what} ${sum}; want at most ${Number.MAX_SAFE_INTEGER} minor units`,
  );

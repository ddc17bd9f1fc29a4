/**
 * Whether a record is dead, and why: by the rules of the generation that folds it, and by its dead
 * letter where that depended on the time at which it was read. Any other letter is an earlier
 * generation's word, whose rules may have refused what these take.
 */

import type { Rejection, RejectionReason } from '@holdfast/domain/rejection.ts';

/** A record may have been too far ahead of the time at which it was read, and not be any more. */
const DEPENDS_ON_TIME: RejectionReason = 'bad_instant';

/** Null: it lives. `letter`: why the dead-letter topic holds it; `rejected`: why it can't be taken now. */
export const fateOf = (
  letter: RejectionReason | undefined,
  rejected: Rejection | null,
): RejectionReason | null => (letter === DEPENDS_ON_TIME ? letter : (rejected?.rejected ?? null));

/**
 * Which records give which state, figures and deltas. Raised by any change after which the same
 * records give others: a generation is folded by one version from its beginning to its end.
 */
export const FOLD_VERSION = 1;

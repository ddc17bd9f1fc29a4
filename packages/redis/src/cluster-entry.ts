/**
 * Why no node of a cluster lets us in. ioredis tries on for ever and keeps the reason to itself:
 * of a refusal it tells what the last node answered, of a connection that does not come about
 * (nobody listens, a certificate that is not trusted) only that it is closed.
 */

import type { Redis } from 'ioredis';

export const isReply = (error: unknown): error is Error =>
  error instanceof Error && error.name === 'ReplyError';

/** What its one attempt to connect fails with; null where it does not fail. */
const failureOf = (redis: Redis): Promise<Error | null> =>
  new Promise((resolve) => {
    const end = (error: Error | null): void => {
      redis.disconnect();
      resolve(error);
    };
    redis.once('error', end);
    redis.connect().then(
      () => end(null),
      // After its event `error`, which says more.
      (error: Error) => end(error),
    );
  });

/**
 * @param error what the cluster's event `error` tells.
 * @param makeOne a client of one node, not yet connected, that tries once.
 */
export const whyNotIn = async (
  error: Error & { readonly lastNodeError?: unknown },
  makeOne: () => Redis,
): Promise<Error> => {
  if (isReply(error.lastNodeError)) return error.lastNodeError;
  return (await failureOf(makeOne())) ?? error;
};

/**
 * Answers by their entity tag, so that many callers who ask the same at one position of the ledger
 * cost one question. Bounded in answers and in the size of each.
 */

export type Body = string | Uint8Array;

export interface AnswerCache {
  get(etag: string, make: () => Promise<Body>): Promise<Body>;
}

const MOST_ANSWERS = 256;
const LARGEST_BODY = 256 * 1_024;

export const answerCache = (): AnswerCache => {
  const bodies = new Map<string, Promise<Body>>();
  return {
    get: (etag, make) => {
      const known = bodies.get(etag);
      if (known !== undefined) {
        // Those asked for again are the last to go.
        bodies.delete(etag);
        bodies.set(etag, known);
        return known;
      }
      const made = make();
      bodies.set(etag, made);
      if (bodies.size > MOST_ANSWERS) bodies.delete(bodies.keys().next().value as string);
      made.then(
        (body) => {
          if (body.length > LARGEST_BODY) bodies.delete(etag);
        },
        () => bodies.delete(etag),
      );
      return made;
    },
  };
};

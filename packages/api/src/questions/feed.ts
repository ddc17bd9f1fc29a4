/** `/v1/movements/feed`: the movements as they were published, the newest first. */

import { MOVEMENTS } from '@holdfast/domain/delta.ts';
import type { FeedPlace, FeedQuery } from '@holdfast/ledger/feed.ts';
import { z } from 'zod';
import { feedAnswer, movementJson as row } from '../answers.ts';
import { readCursor, wholeNumber, writeCursor } from '../cursor.ts';
import { cursorParameter, idParameter, limitParameter } from '../parameters.ts';
import type { Question } from '../question-route.ts';
import { movementJson } from '../to-json.ts';

const place = z.strictObject({
  knownAt: wholeNumber,
  partition: wholeNumber,
  sequence: wholeNumber,
}) satisfies z.ZodType<FeedPlace>;

const query = z.strictObject({
  limit: limitParameter(50, 10_000),
  cursor: cursorParameter,
  movement: z.enum(MOVEMENTS).optional(),
  customer_id: idParameter.optional(),
});

/** Of nobody: no customer has this number. */
const NOBODY = -1;

export const feed: Question<z.output<typeof query>, FeedQuery, z.output<typeof feedAnswer>> = {
  path: '/v1/movements/feed',
  summary: 'Movements as they were published, the newest first',
  query,
  answer: feedAnswer,
  row,
  read: ({ intake }, { limit, cursor, movement, customer_id: id }) => ({
    limit,
    after: cursor === undefined ? null : readCursor(cursor, place),
    movement: movement ?? null,
    customer: id === undefined ? null : (intake.customer(id) ?? NOBODY),
  }),
  ask: async (ledger, asked) => {
    const rows = await ledger.feed({ ...asked, limit: asked.limit + 1 });
    const shown = rows.slice(0, asked.limit);
    const last = rows.length > asked.limit ? shown.at(-1) : undefined;
    return {
      currency: ledger.rules.policy.reportingCurrency,
      rows: shown.map(movementJson),
      next:
        last === undefined
          ? null
          : writeCursor({
              knownAt: last.knownAt,
              partition: last.partition,
              sequence: last.sequence,
            }),
    };
  },
};

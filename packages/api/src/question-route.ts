/**
 * A question of the ledger over HTTP: parameters are checked and made whole, the answer is tagged by
 * them and by what the ledger holds, and comes as JSON or, where it has rows, as a table.
 */

import type { Ledger } from '@holdfast/ledger/ledger.ts';
import { parquetOf } from '@holdfast/ledger/parquet.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { AnswerCache, Body } from './answer-cache.ts';
import { etagOf, matches } from './etag.ts';
import { MEDIA, type Media, mediaOf } from './media.ts';
import { problemSchema } from './problem.ts';
import { cellOf, columnsOf, csvOf, type TableRow } from './table.ts';

/** `Given`: the parameters as the schema reads them; `Asked`: all that the answer depends on. */
export interface Question<Given, Asked extends object, Answer> {
  readonly path: string;
  readonly summary: string;
  readonly query: z.ZodType<Given>;
  readonly params?: z.ZodType<{ readonly id: string }>;
  readonly answer: z.ZodType<Answer>;
  /** The schema of a row where the answer's `rows` are a table. */
  readonly row?: z.ZodObject;
  /** Throws a refusal. */
  readonly read: (ledger: Ledger, given: Given, id: string) => Asked;
  /** Where the answer depends on nothing that takes effect after an as-of, or became known after a known-at. */
  readonly upTo?: (asked: Asked) => { readonly asOf: number; readonly knownAt: number | null };
  readonly ask: (ledger: Ledger, asked: Asked) => Promise<Answer>;
}

export interface QuestionTools {
  readonly ledger: Ledger;
  readonly cache: AnswerCache;
}

const TABLES: readonly Media[] = ['json', 'csv', 'parquet'];
const CONTENT_TYPES: Readonly<Record<Media, string>> = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  parquet: MEDIA.parquet,
};

const bodyOf = async (
  media: Media,
  row: z.ZodObject | undefined,
  answer: unknown,
): Promise<Body> => {
  if (media === 'json' || row === undefined) return `${JSON.stringify(answer)}\n`;
  const columns = columnsOf(row);
  const { rows } = answer as { readonly rows: readonly TableRow[] };
  if (media === 'csv') return csvOf(columns, rows);
  return parquetOf(
    columns,
    rows.map((one) => columns.map((column) => cellOf(one, column))),
  );
};

/** Sends what was made, or that the caller has it already. */
export async function sendTagged(
  request: FastifyRequest,
  reply: FastifyReply,
  etag: string,
  contentType: string,
  make: () => Promise<Body> | Body,
): Promise<FastifyReply> {
  reply.header('ETag', etag);
  if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send();
  const body = await make();
  return reply.type(contentType).send(typeof body === 'string' ? body : Buffer.from(body));
}

export function addQuestion<Given, Asked extends object, Answer>(
  app: FastifyInstance,
  { ledger, cache }: QuestionTools,
  question: Question<Given, Asked, Answer>,
): void {
  const { path, summary, query, params, answer, row } = question;
  const offered = row === undefined ? TABLES.slice(0, 1) : TABLES;
  app.get(
    path,
    {
      schema: {
        summary,
        querystring: query,
        ...(params === undefined ? {} : { params }),
        response: { 200: answer, '4xx': problemSchema, '5xx': problemSchema },
      },
    },
    async (request, reply) => {
      const media = mediaOf(request.headers.accept, offered);
      const { id = '' } = request.params as { readonly id?: string };
      const asked = question.read(ledger, request.query as Given, id);
      const upTo = question.upTo?.(asked);
      const { intake } = ledger;
      const sequences =
        upTo === undefined ? intake.sequences() : intake.sequencesFor(upTo.asOf, upTo.knownAt);
      const etag = etagOf(path, media, sequences.join('.'), JSON.stringify(asked));
      reply.header('Vary', 'Accept, Authorization');
      return sendTagged(request, reply, etag, CONTENT_TYPES[media], () =>
        cache.get(etag, async () => bodyOf(media, row, await question.ask(ledger, asked))),
      );
    },
  );
}

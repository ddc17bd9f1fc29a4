/**
 * The HTTP server of the ledger: questions, the live stream, the OpenAPI document, and the
 * console's files. Every error leaves as a problem document; clients that dawdle are cut off.
 */

import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import type { ConsoleFile } from '@holdfast/console/files.ts';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { jsonSchemaTransform, validatorCompiler } from 'fastify-type-provider-zod';
import { answerCache } from './answer-cache.ts';
import { statusAnswer } from './answers.ts';
import { etagOf } from './etag.ts';
import { liveEvents } from './live.ts';
import { PROBLEM_TYPE, problemSchema, problemText, Refusal, refusalOf, SHOWN } from './problem.ts';
import { addQuestion, sendTagged } from './question-route.ts';
import { customer, customers } from './questions/customers.ts';
import { explain } from './questions/explain.ts';
import { feed } from './questions/feed.ts';
import { history } from './questions/history.ts';
import { movements } from './questions/movements.ts';
import { restated } from './questions/restated.ts';
import { restatements } from './questions/restatements.ts';
import { retention } from './questions/retention.ts';
import { SECURITY_HEADERS, tokenCheck } from './security.ts';
import { type StatusTools, statusOf } from './status.ts';
import { addStream, STREAM_PATH } from './stream.ts';

/** A page that another package serves here, such as `/metrics` or `/readyz`. */
export type Page = (request: IncomingMessage) => PageAnswer | Promise<PageAnswer>;

export interface PageAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiOptions extends StatusTools {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Asked of every caller of /v1; null: no one is asked. */
  readonly token: string | null;
  /** Most requests of one address in a minute. */
  readonly requestsAMinute: number;
  /** By path, such as `/metrics`. */
  readonly pages: Readonly<Record<string, Page>>;
  /** The console's files by path, `/` being its page. */
  readonly console: ReadonlyMap<string, ConsoleFile>;
  /** An answer failed by a defect; whoever asked was told no more than that. */
  readonly failed: (path: string, error: unknown) => void;
  /** A request was answered; `route` as declared, `none` for a path that there is not. Not told of streams. */
  readonly answered?: (route: string, status: number, seconds: number) => void;
}

export interface Api {
  readonly url: string;
  close(): Promise<void>;
}

/** A request must have come whole by then. */
const REQUEST_TIMEOUT_MS = 10_000;
/** A connection on which nothing moves is closed; heartbeats move live streams. */
const IDLE_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 30_000;
const MOST_CONNECTIONS = 1_000;
const MOST_HEADER_BYTES = 16_384;
/** No route takes a body. */
const MOST_BODY_BYTES = 1_024;
/** An id of 256 bytes, each percent-encoded. */
const LONGEST_PATH_PARAMETER = 1_024;

const OTHER_METHODS = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** Serves once this resolves. Throws `listen_failed`. */
export async function startApi(options: ApiOptions): Promise<Api> {
  const { host, port } = options;
  const app = Fastify({
    logger: false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: IDLE_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    bodyLimit: MOST_BODY_BYTES,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: LONGEST_PATH_PARAMETER },
    http: { maxHeaderSize: MOST_HEADER_BYTES, headersTimeout: REQUEST_TIMEOUT_MS },
    frameworkErrors: (error, _request, reply: FastifyReply) => {
      reply.headers(SECURITY_HEADERS);
      tell(reply, refusalOf(error) ?? new Refusal(400, 'the request cannot be read'));
    },
    clientErrorHandler: (error, socket) => {
      if (!socket.writable) {
        socket.destroy();
        return;
      }
      const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
      const body = problemText(new Refusal(status, 'the request cannot be read'));
      socket.end(
        `HTTP/1.1 ${status} ${status === 431 ? 'Request Header Fields Too Large' : 'Bad Request'}\r\n` +
          `Content-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
          `Connection: close\r\n\r\n${body}`,
      );
    },
  });
  app.server.maxConnections = MOST_CONNECTIONS;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  await addRoutes(app, options);
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    const why = error instanceof Error ? error.message : String(error);
    throw new HoldfastError('listen_failed', `${host}:${port} (${why})`, { cause: error });
  }
  const { port: taken } = app.server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    close: () => app.close(),
  };
}

const tell = (reply: FastifyReply, refusal: Refusal): void => {
  reply.code(refusal.status).headers(refusal.headers).type(PROBLEM_TYPE);
  reply.send(problemText(refusal));
};

async function addRoutes(app: FastifyInstance, options: ApiOptions): Promise<void> {
  const { failed, token } = options;
  const checkToken = tokenCheck(token);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...SECURITY_HEADERS, 'Cache-Control': 'no-cache' });
    if (request.url.startsWith('/v1/')) checkToken(request);
  });
  app.addHook('onResponse', async ({ routeOptions: { url = 'none' } }, reply) => {
    if (url !== STREAM_PATH) options.answered?.(url, reply.statusCode, reply.elapsedTime / 1_000);
  });
  app.setErrorHandler((error, request, reply) => {
    const refusal = validationRefusal(error) ?? refusalOf(error);
    if (refusal === null) failed(request.url.split('?')[0] ?? '', error);
    tell(reply, refusal ?? new Refusal(500, 'see the log of the service'));
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Holdfast ledger',
        description: 'Net revenue retention as of any instant, as known at any other, and why.',
        version: '1',
      },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
      ...(token === null ? {} : { security: [{ bearer: [] }] }),
    },
    transform: jsonSchemaTransform,
  });
  await app.register(rateLimit, {
    max: options.requestsAMinute,
    timeWindow: 60_000,
    allowList: (request) => ['/healthz', '/readyz'].includes(request.url),
    errorResponseBuilder: (_request, { after }) =>
      new Refusal(429, `too many requests from this address; try again in ${after}`),
  });
  const notAllowed = refuseOtherMethods(app);
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, ({ url }) => {
    throw new Refusal(404, `there is no ${url.split('?')[0]?.slice(0, 200)}; see /openapi.json`);
  });
  app.after(() => {
    addAnswers(app, options);
    addPages(app, options);
    notAllowed();
  });
}

function addAnswers(app: FastifyInstance, options: ApiOptions): void {
  const { ledger, stopwatch, failed } = options;
  const status = statusOf(options);
  const tools = { ledger, cache: answerCache() };
  app.get(
    '/v1/status',
    {
      schema: {
        summary: 'What the ledger holds and how old it is',
        response: { 200: statusAnswer, '4xx': problemSchema },
      },
    },
    (request, reply) => {
      const body = `${JSON.stringify(status())}\n`;
      return sendTagged(
        request,
        reply,
        etagOf(body),
        'application/json; charset=utf-8',
        () => body,
      );
    },
  );
  addQuestion(app, tools, retention);
  addQuestion(app, tools, history);
  addQuestion(app, tools, movements);
  addQuestion(app, tools, feed);
  addQuestion(app, tools, explain);
  addQuestion(app, tools, restated);
  addQuestion(app, tools, restatements);
  addQuestion(app, tools, customers);
  addQuestion(app, tools, customer);
  const live = liveEvents({
    ledger,
    status,
    stopwatch,
    failed: (error) => failed('/v1/stream', error),
  });
  addStream(app, live, SECURITY_HEADERS);
}

function addPages(app: FastifyInstance, { pages, console }: ApiOptions): void {
  const hide = { schema: { hide: true } };
  app.get('/openapi.json', hide, (request, reply) => {
    const body = `${JSON.stringify(app.swagger())}\n`;
    return sendTagged(request, reply, etagOf(body), 'application/json; charset=utf-8', () => body);
  });
  for (const [path, page] of Object.entries(pages)) {
    app.get(path, hide, async (request, reply) => {
      const { status, contentType, body, headers } = await page(request.raw);
      return reply
        .code(status)
        .headers({ ...headers })
        .type(contentType)
        .send(body);
    });
  }
  for (const [path, { type, body, gzip, cache }] of console) {
    const etag = etagOf(Buffer.from(body).toString('base64'));
    app.get(path, hide, (request, reply) => {
      const packed = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
      reply.headers({ 'Cache-Control': cache, Vary: 'Accept-Encoding' });
      if (packed) reply.header('Content-Encoding', 'gzip');
      const file = packed ? gzip : body;
      return sendTagged(request, reply, packed ? etagOf(etag, 'gzip') : etag, type, () => file);
    });
  }
}

/** Remembers every route from now on; called, it makes all other methods there a 405. */
function refuseOtherMethods(app: FastifyInstance): () => void {
  const paths = new Set<string>();
  app.addHook('onRoute', ({ url, method }) => {
    if (method === 'GET') paths.add(url);
  });
  return () => {
    for (const url of paths) {
      app.route({
        method: [...OTHER_METHODS],
        url,
        schema: { hide: true },
        onRequest: async () => {
          throw new Refusal(405, `${url} takes GET and HEAD`, { headers: { Allow: 'GET, HEAD' } });
        },
        handler: async () => undefined,
      });
    }
  };
}

interface Invalid {
  readonly instancePath: string;
  readonly message: string;
  /** What zod says besides; keys that it does not know stand here. */
  readonly params: { readonly keys?: readonly string[] };
}

const MOST_ERRORS = 20;

/** Parameters that the schema refused: each by its name. */
function validationRefusal(error: unknown): Refusal | null {
  const { validation } = (error ?? {}) as { readonly validation?: readonly Invalid[] };
  if (validation === undefined) return null;
  const errors = validation
    .flatMap(({ instancePath, message, params: { keys } }) =>
      keys === undefined
        ? [{ field: instancePath.slice(1), value: null, want: message }]
        : keys.map((field) => ({ field, value: null, want: 'no such parameter' })),
    )
    .map(({ field, ...rest }) => ({ field: field.slice(0, SHOWN), ...rest }))
    .slice(0, MOST_ERRORS);
  return new Refusal(400, errors.map(({ field, want }) => `${field}: ${want}`).join('; '), {
    errors,
  });
}

/**
 * A small HTTP server for what a service tells of itself: GET on fixed paths. It never reads a
 * request's body and knows no path by itself.
 */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import { type Answer, problem } from './answer.ts';

export type Route = (request: IncomingMessage) => Answer | Promise<Answer>;

/** Routes by path, such as `/metrics`. */
export type Routes = Readonly<Record<string, Route>>;

export interface HttpOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly routes: Routes;
  /** A route threw; whoever asked was told no more than that. */
  readonly failed: (path: string, error: unknown) => void;
}

export interface HttpServer {
  /** Where it serves, with the port that it has. */
  readonly url: string;
  /** Ends at once, also answers that are under way. */
  close(): Promise<void>;
}

const ALLOWED = ['GET', 'HEAD'];

const answerTo = async (
  { routes, failed }: HttpOptions,
  request: IncomingMessage,
): Promise<Answer> => {
  const path = (request.url ?? '').split('?')[0] ?? '';
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (route === undefined) {
    return problem(404, 'Not found', `there is no ${path}; see ${Object.keys(routes).join(', ')}`);
  }
  if (!ALLOWED.includes(request.method ?? '')) {
    const refusal = problem(405, 'Method not allowed', `${path} takes ${ALLOWED.join(' and ')}`);
    return { ...refusal, headers: { Allow: ALLOWED.join(', ') } };
  }
  try {
    return await route(request);
  } catch (error) {
    failed(path, error);
    return problem(500, 'Internal error', 'see the log of the service');
  }
};

const send = (response: ServerResponse, { status, contentType, body, headers }: Answer): void => {
  response.writeHead(status, {
    ...headers,
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(body);
};

/** Serves once this resolves. Throws `listen_failed`. */
export async function serveHttp(options: HttpOptions): Promise<HttpServer> {
  const { host, port } = options;
  const server = createServer((request, response) => {
    answerTo(options, request).then((answer) => send(response, answer));
  });
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new HoldfastError('listen_failed', `${host}:${port} (${why})`, { cause: error });
  }
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

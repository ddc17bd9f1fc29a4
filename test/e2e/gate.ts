/**
 * A registry that can't be reached for some of what it is asked: passes every request on, but for
 * the path that it is told to refuse, which it answers with 503.
 */

import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Gate extends AsyncDisposable {
  /** Stands for the registry's URL. */
  readonly url: string;
  /** The end of a path, such as `/schemas/ids/7`; null: none. */
  refused: string | null;
}

const passOn = async (target: string, request: IncomingMessage): Promise<Response> => {
  const { method = 'GET', headers } = request;
  const body = await buffer(request);
  return fetch(target, {
    method,
    headers: { accept: headers.accept ?? '*/*', 'content-type': headers['content-type'] ?? '' },
    ...(body.length > 0 ? { body } : {}),
  });
};

export const openGate = async (registryUrl: string): Promise<Gate> => {
  const { origin, pathname } = new URL(registryUrl);
  const server = createServer(async (request, response) => {
    if (gate.refused !== null && request.url?.endsWith(gate.refused)) {
      response.writeHead(503).end();
      return;
    }
    const answer = await passOn(`${origin}${request.url}`, request);
    const { status, headers } = answer;
    response.writeHead(status, { 'content-type': headers.get('content-type') ?? '' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const gate: Gate = {
    url: `http://127.0.0.1:${port}${pathname}`,
    refused: null,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return gate;
};

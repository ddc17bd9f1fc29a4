/**
 * `/v1/stream`: server-sent events. A reader that does not read, or is gone without a word, costs a
 * bounded buffer and is cut off; one that is cut off goes on by Last-Event-ID.
 */

import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Live, LiveEvent } from './live.ts';
import { Refusal } from './problem.ts';

export const STREAM_PATH = '/v1/stream';
const HEARTBEAT_MS = 15_000;
/** Of what waits to be sent to one reader. */
const MOST_WAITING_BYTES = 1_048_576;
const MOST_READERS = 100;
/** Whoever is gone in silence is cut off at the latest then. */
const LONGEST_MS = 3_600_000;

const textOf = ({ event, id, data }: LiveEvent): string =>
  `event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;

/** Ends all streams when the server closes. */
export function addStream(
  app: FastifyInstance,
  live: Live,
  headers: Readonly<Record<string, string>>,
): void {
  const open = new Set<ServerResponse>();
  let joining = 0;
  app.addHook('preClose', async () => {
    for (const response of open) response.destroy();
    live.close();
  });
  app.get(
    STREAM_PATH,
    { schema: { summary: 'Status, figures and movements as they come (text/event-stream)' } },
    async (request, reply) => {
      if (live.readers + joining >= MOST_READERS) {
        throw new Refusal(503, `${MOST_READERS} streams are open already`, {
          headers: { 'Retry-After': '10' },
        });
      }
      const lastId = request.headers['last-event-id'];
      reply.hijack();
      const response = reply.raw;
      open.add(response);
      response.writeHead(200, {
        ...headers,
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      });
      const write = (text: string): void => {
        if (response.destroyed) return;
        response.write(text);
        if (response.writableLength > MOST_WAITING_BYTES) response.destroy();
      };
      write('retry: 2000\n\n');
      const heartbeat = setInterval(() => write(': heartbeat\n\n'), HEARTBEAT_MS);
      const limit = setTimeout(() => response.end(), LONGEST_MS);
      let leave: (() => void) | null = null;
      response.once('close', () => {
        clearInterval(heartbeat);
        clearTimeout(limit);
        open.delete(response);
        leave?.();
      });
      joining += 1;
      try {
        leave = await live.join(typeof lastId === 'string' ? lastId : undefined, (event) =>
          write(textOf(event)),
        );
        if (response.destroyed) leave();
      } catch (error) {
        request.log.error(error);
        response.destroy();
      } finally {
        joining -= 1;
      }
    },
  );
}

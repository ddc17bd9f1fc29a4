/**
 * What the server says by itself, as server-sent events. Read by fetch, which can send a token.
 * When it ends or fails it is opened again, later each time, and resumes after the last id.
 */

import type { EventSourceMessage } from 'eventsource-parser';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { authorization } from './api.ts';

export interface StreamListener {
  opened(): void;
  /** Something came; a heartbeat too. */
  heard(): void;
  event(name: string, data: unknown): void;
  /** `status`: what the server refused with; 0: it ended or could not be reached. */
  closed(status: number): void;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

/** Listens until the signal is raised. */
export async function listen(
  path: string,
  listener: StreamListener,
  signal: AbortSignal,
): Promise<void> {
  let lastId = '';
  let pause = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      const response = await open(path, lastId, signal);
      if (response.ok && response.body !== null) {
        listener.opened();
        for await (const { id, event, data } of eventsOf(response.body, listener)) {
          lastId = id ?? lastId;
          pause = FIRST_PAUSE_MS;
          listener.event(event ?? 'message', JSON.parse(data));
        }
      }
      if (!signal.aborted) listener.closed(response.ok ? 0 : response.status);
    } catch {
      if (!signal.aborted) listener.closed(0);
    }
    await waited(pause, signal);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

const open = (path: string, lastId: string, signal: AbortSignal): Promise<Response> =>
  fetch(path, {
    headers: {
      Accept: 'text/event-stream',
      ...authorization(),
      ...(lastId === '' ? {} : { 'Last-Event-ID': lastId }),
    },
    signal,
  });

/** Not every browser's streams can be iterated. */
async function* eventsOf(
  body: ReadableStream<Uint8Array>,
  listener: StreamListener,
): AsyncGenerator<EventSourceMessage> {
  const heard = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      listener.heard();
      controller.enqueue(chunk);
    },
  });
  const reader = body
    .pipeThrough(heard)
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
}

const waited = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });

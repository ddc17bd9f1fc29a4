import { connect } from 'node:net';
import { isHoldfastError } from '@holdfast/domain/errors.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { textAnswer } from './answer.ts';
import { healthRoutes, type Readiness } from './health.ts';
import { type HttpServer, type Routes, serveHttp } from './http.ts';

const open: HttpServer[] = [];
const failures: [path: string, error: unknown][] = [];

const serve = async (routes: Routes): Promise<HttpServer> => {
  const failed = (path: string, error: unknown): void => {
    failures.push([path, error]);
  };
  const server = await serveHttp({ host: '127.0.0.1', port: 0, routes, failed });
  open.push(server);
  return server;
};

afterEach(async () => {
  failures.length = 0;
  await Promise.all(open.splice(0).map((server) => server.close()));
});

describe('the HTTP server of a service', () => {
  it('answers GET and HEAD on its paths, whatever the query', async () => {
    const { url } = await serve({ '/hello': () => textAnswer('hello') });
    const get = await fetch(`${url}/hello?x=1`);
    expect([get.status, await get.text()]).toEqual([200, 'hello\n']);
    const head = await fetch(`${url}/hello`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
      200,
      '6',
      '',
    ]);
  });

  it('answers with a problem document to another path or method', async () => {
    const { url } = await serve({ '/hello': () => textAnswer('hello') });
    for (const path of ['/nothing', '/constructor', '/']) {
      const unknown = await fetch(`${url}${path}`);
      expect(unknown.headers.get('content-type')).toBe('application/problem+json');
      expect(await unknown.json()).toEqual({
        type: 'about:blank',
        title: 'Not found',
        status: 404,
        detail: `there is no ${path}; see /hello`,
      });
    }
    const post = await fetch(`${url}/hello`, { method: 'POST', body: 'x' });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('tells the service of a route that fails, and the caller no detail', async () => {
    const error = new Error('secret');
    const { url } = await serve({ '/broken': () => Promise.reject(error) });
    const answer = await fetch(`${url}/broken`);
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret');
    expect(failures).toEqual([['/broken', error]]);
  });

  it('throws listen_failed where the port is taken', async () => {
    const { url } = await serve({});
    const port = Number(new URL(url).port);
    const second = serveHttp({ host: '127.0.0.1', port, routes: {}, failed: () => undefined });
    await expect(second).rejects.toSatisfy((error) => isHoldfastError(error, 'listen_failed'));
  });

  it('closes although a connection is open and an answer never comes', async () => {
    const server = await serve({ '/never': () => new Promise(() => undefined) });
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(server.url).port) });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.write('GET /never HTTP/1.1\r\nHost: x\r\n\r\n', resolve));
    open.length = 0;
    await server.close();
    await closed;
  });
});

describe('health', () => {
  it('is alive always, and ready only when the service says so, with the reason', async () => {
    let readiness: Readiness = { ready: false, why: 'Kafka cannot be reached' };
    const { url } = await serve(healthRoutes(() => readiness));
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const waiting = await fetch(`${url}/readyz`);
    expect(waiting.status).toBe(503);
    expect(await waiting.json()).toMatchObject({ detail: 'Kafka cannot be reached' });
    readiness = { ready: true, why: 'owns partitions 0, 1' };
    const ready = await fetch(`${url}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([200, 'ready: owns partitions 0, 1\n']);
  });
});

/**
 * Whatever is asked, nothing breaks: requests drawn from the OpenAPI document, with hostile values,
 * too many and too few of them, and clients that speak no HTTP. `HOLDFAST_FUZZ=100000` asks longer.
 */

import { once } from 'node:events';
import { connect } from 'node:net';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sample, startSample } from '../testing/sample.ts';
import { problemSchema } from './problem.ts';

const { HOLDFAST_FUZZ: asked } = process.env;
const REQUESTS = asked === undefined ? 300 : Number(asked);
const LIMIT_MS = 60_000 + 100 * REQUESTS;

let sample: Sample;
let routes: readonly { readonly path: string; readonly names: readonly string[] }[];

beforeAll(async () => {
  sample = await startSample();
  const document = (await (await fetch(`${sample.api.url}/openapi.json`)).json()) as {
    paths: Record<string, { get: { parameters?: readonly { name: string; in: string }[] } }>;
  };
  routes = Object.entries(document.paths)
    .filter(([path]) => path !== '/v1/stream')
    .map(([path, { get }]) => ({
      path,
      names: (get.parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => name),
    }));
});
afterAll(async () => {
  expect(sample.failures).toEqual([]);
  await sample[Symbol.asyncDispose]();
});

/** What is mostly right, so that requests get far. */
const plausible = fc.constantFrom(
  ...['P12M', 'P1M', 'P90D', 'P1Y', 'P9999D', 'P99999Y', 'P0D', 'P1200M'],
  ...['2025-03-31', '2025-01-01', '2024-02-30', '2025-06-30T12:00:00Z', '1970-01-01'],
  ...['9999-12-31T23:59:59.999Z', '9999-12-31', '0000-01-01', '2025-03-31T25:00:00Z'],
  ...['point_to_point', 'no_returners', 'path', 'flow', 'compounded'],
  ...['all', 'segment', 'region', 'smb', 'expansion', 'churned', 'new', 'true', 'false'],
  ...['1', '50', '10000', '10001', '0', '-1', '1e9', 'NaN', '1.5', 'cus_1', 'cus_2'],
);

const hostile = fc.oneof(
  fc.constantFrom(
    "'; drop table deltas; --",
    "' or 1=1 --",
    '$1',
    '"member_0"',
    'segment" or "a"="a',
    '__proto__',
    'constructor',
    '../../etc/passwd',
    '%00',
    '\u0000',
    '\ud800',
    '\u202e',
    '{"a":1}',
    '[]',
    "read_csv_auto('/etc/passwd')",
    '<script>alert(1)</script>',
    '\r\nSet-Cookie: a=b',
    'x'.repeat(300),
    'x'.repeat(5_000),
    'P'.repeat(200),
    'eyJhc09mIjoxZTIwfQ',
    Buffer.from('{"asOf":1,"knownAt":null,"difference":1,"customerId":"\'"}').toString('base64url'),
    Buffer.from('{"knownAt":9007199254740991,"partition":1,"sequence":1}').toString('base64url'),
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

const value = fc.oneof({ arbitrary: plausible, weight: 4 }, { arbitrary: hostile, weight: 1 });

const request = fc.record({
  route: fc.nat(50),
  id: fc.oneof(fc.constantFrom('cus_1', 'cus_20'), hostile),
  /** By the place of the parameter's name; undefined: left out. */
  values: fc.array(fc.option(value, { nil: undefined }), { maxLength: 12 }),
  /** Parameters that are unknown, or given twice. */
  more: fc.array(fc.tuple(fc.oneof(fc.constantFrom('window', 'as_of', 'x'), hostile), value), {
    maxLength: 2,
  }),
  accept: fc.constantFrom(
    'application/json',
    'text/csv',
    'application/vnd.apache.parquet',
    '*/*',
    'x/y',
  ),
  method: fc.constantFrom('GET', 'GET', 'GET', 'GET', 'HEAD', 'POST'),
});

const encode = (text: string): string => encodeURIComponent(text.toWellFormed());

describe('the API', () => {
  it('answers every request, right or refused, and never with a defect', {
    timeout: LIMIT_MS,
  }, async () => {
    let right = 0;
    await fc.assert(
      fc.asyncProperty(request, async ({ route, id, values, more, accept, method }) => {
        const { path, names } = routes[route % routes.length]!;
        const given = values.flatMap((one, index) => {
          const name = names[index];
          return one === undefined || name === undefined ? [] : [[name, one] as const];
        });
        const query = [...given, ...more].map((pair) => pair.map(encode).join('=')).join('&');
        const url = `${sample.api.url}${path.replace('{id}', encode(id))}?${query}`;
        const response = await fetch(url, { method, headers: { accept } });
        const body = await response.text();
        if (response.status === 200) right += 1;
        else if (method !== 'HEAD') {
          expect([url, response.headers.get('content-type')]).toEqual([
            url,
            expect.stringMatching(/^application\/problem\+json/),
          ]);
          const told = problemSchema.parse(JSON.parse(body));
          expect(told.status).toBe(response.status);
          expect(body.length).toBeLessThan(10_000);
        }
        expect([url, response.status < 500]).toEqual([url, true]);
      }),
      { numRuns: REQUESTS },
    );
    expect(right).toBeGreaterThan(REQUESTS / 20);
    expect((await fetch(`${sample.api.url}/v1/status`)).status).toBe(200);
  });

  it('outlives clients that speak badly, half or never', { timeout: LIMIT_MS }, async () => {
    const port = Number(new URL(sample.api.url).port);
    const words = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom(
          'GET /v1/status HTTP/1.1\r\n',
          'GET /v1/status HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab',
          'GET /v1/stream HTTP/1.1\r\nHost: x\r\n\r\n',
          'GET http://other/ HTTP/1.1\r\nHost: x\r\n\r\n',
          'POST /v1/status HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n',
          `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
          'GET /v1/status HTTP/9.9\r\n\r\n',
        )
        .map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(words, { minLength: 1, maxLength: 5 }), async (said) => {
        const sockets = said.map((bytes) => {
          const socket = connect(port, '127.0.0.1');
          socket.on('error', () => undefined);
          socket.write(bytes);
          return socket;
        });
        const status = await fetch(`${sample.api.url}/v1/status`);
        expect(status.status).toBe(200);
        await status.text();
        for (const socket of sockets) {
          if (socket.closed) continue;
          const closed = once(socket, 'close');
          socket.destroy();
          await closed;
        }
      }),
      { numRuns: Math.ceil(REQUESTS / 10) },
    );
  });
});

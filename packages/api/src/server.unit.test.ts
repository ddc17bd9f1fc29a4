/** The HTTP contract, over the wire: forms, errors, tags, pages, tables and who may ask. */

import type { ArrDelta } from '@holdfast/domain/delta.ts';
import { instant } from '@holdfast/domain/scalars.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { type Sample, startSample } from '../testing/sample.ts';
import * as answers from './answers.ts';
import { problemSchema } from './problem.ts';

let sample: Sample;
beforeAll(async () => {
  sample = await startSample();
});
afterAll(async () => {
  expect(sample.failures).toEqual([]);
  await sample[Symbol.asyncDispose]();
});

const get = (path: string, init: RequestInit = {}, of = sample): Promise<Response> =>
  fetch(`${of.api.url}${path}`, init);

const json = async <Answer>(path: string, schema: z.ZodType<Answer>): Promise<Answer> => {
  const response = await get(path);
  expect([path, response.status]).toEqual([path, 200]);
  return schema.parse(await response.json());
};

const problem = async (path: string, init: RequestInit = {}, of = sample) => {
  const response = await get(path, init, of);
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const told = problemSchema.parse(await response.json());
  expect(told.status).toBe(response.status);
  return told;
};

describe('answers', () => {
  it.each([
    ['/v1/status', answers.statusAnswer],
    ['/v1/retention', answers.retentionAnswer],
    ['/v1/retention?window=P3M&by=segment&definition=path', answers.retentionAnswer],
    ['/v1/retention?definition=compounded&as_of=2025-05-31', answers.retentionAnswer],
    ['/v1/retention/history?window=P3M&by=region', answers.historyAnswer],
    ['/v1/movements?from=2025-01-01&gross=true&by=segment', answers.movementsAnswer],
    ['/v1/movements/feed?movement=churn', answers.feedAnswer],
    ['/v1/explain?window=P12M&by=segment&part=expansion', answers.explainAnswer],
    ['/v1/explain/restated?as_of=2025-03-31&known_at=2025-03-31', answers.restatedAnswer],
    ['/v1/restatements', answers.restatementsAnswer],
    ['/v1/customers?search=cus_1', answers.customersAnswer],
    ['/v1/customers/cus_1', answers.customerAnswer],
  ] as const)('have the form of the contract: %s', async (path, schema) => {
    const response = await get(path);
    expect([path, response.status]).toEqual([path, 200]);
    expect(response.headers.get('etag')).toMatch(/^"[\w-]{24}"$/);
    const answer = await response.json();
    expect((schema as z.ZodType<unknown>).parse(answer)).toEqual(answer);
  });

  it('read a date alone in the time zone, as its last millisecond', async () => {
    const answer = await json('/v1/retention?as_of=2025-03-31', answers.retentionAnswer);
    expect(answer).toMatchObject({ as_of: '2025-03-31T23:59:59.999Z', known_at: null });
  });

  it('say what a customer of the window did, adding up to the figure', async () => {
    const { total, rows } = await json('/v1/explain?limit=1000', answers.explainAnswer);
    const sum = (of: (row: (typeof rows)[number]) => number) =>
      rows.reduce((all, row) => all + of(row), 0);
    expect(sum((row) => row.opening_arr_minor)).toBe(total.opening_arr_minor);
    expect(sum((row) => row.closing_arr_minor)).toBe(total.closing_arr_minor);
    expect(sum((row) => row.churned_arr_minor)).toBe(total.churned_arr_minor);
    for (const row of rows) {
      const moved = row.drivers.reduce((all, { amount_minor }) => all + amount_minor, 0);
      expect(moved).toBe(row.closing_arr_minor - row.opening_arr_minor);
    }
  });

  it('have points at the ends of periods, and last one that is still open', async () => {
    const path = '/v1/retention/history?window=P1M&from=2025-04-10';
    const { points } = await json(path, answers.historyAnswer);
    expect(points.map(({ as_of, open }) => [as_of, open])).toEqual([
      ['2025-04-30T23:59:59.999Z', false],
      ['2025-05-31T23:59:59.999Z', false],
      ['2025-06-30T12:00:00.000Z', true],
    ]);
    const closed = await json(`${path}&to=2025-06-15`, answers.historyAnswer);
    expect(closed.points).toEqual(points.slice(0, 2));
    const { rows } = await json('/v1/retention?window=P1M', answers.retentionAnswer);
    expect(points.at(-1)?.rows).toEqual(rows);
  });

  it('have no rows before the first window that could be whole', async () => {
    const path = '/v1/retention/history?window=P12M&from=2024-10-01';
    const { points } = await json(path, answers.historyAnswer);
    expect(points.map(({ rows }) => rows.length)).toEqual([0, 0, 0, 1, 1, 1, 1, 1, 1]);
  });
});

describe('pages', () => {
  it.each([
    ['/v1/movements/feed?limit=7', answers.feedAnswer],
    ['/v1/explain?limit=7', answers.explainAnswer],
  ] as const)('of %s hold together what one page holds', async (path, schema) => {
    const whole = await json(path.replace('limit=7', 'limit=10000'), schema as z.ZodType<Paged>);
    const found: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Paged = await json(
        cursor === '' ? path : `${path}&cursor=${cursor}`,
        schema as z.ZodType<Paged>,
      );
      expect(page.rows.length).toBeLessThanOrEqual(7);
      found.push(...page.rows);
      cursor = page.next;
    }
    expect(found).toEqual(whole.rows);
    expect(found.length).toBeGreaterThan(20);
  });

  it('refuse a cursor that they did not give', async () => {
    const far = Buffer.from(
      JSON.stringify({ asOf: 9e15, knownAt: null, difference: 1, customerId: 'a' }),
    ).toString('base64url');
    for (const cursor of ['x', 'e30', far]) {
      expect(await problem(`/v1/explain?cursor=${cursor}`)).toMatchObject({
        status: 400,
        errors: [{ field: 'cursor' }],
      });
    }
  });
});

interface Paged {
  readonly rows: readonly unknown[];
  readonly next: string | null;
}

it('tells of each answer by its route as declared and its status', async () => {
  const told: (readonly [string, number])[] = [];
  await using own = await startSample({
    answered: (route, status, seconds) => {
      expect(seconds).toBeGreaterThan(0);
      told.push([route, status]);
    },
  });
  for (const path of [
    '/v1/customers/cus_1',
    '/v1/customers/nobody',
    '/v1/explain?limit=0',
    '/no',
  ]) {
    await (await get(path, {}, own)).text();
  }
  await expect.poll(() => told).toHaveLength(4);
  expect(told).toEqual([
    ['/v1/customers/:id', 200],
    ['/v1/customers/:id', 404],
    ['/v1/explain', 400],
    ['none', 404],
  ]);
});

describe('tags', () => {
  it('spare an answer that the caller has, until a delta changes what is held', async () => {
    await using own = await startSample();
    const path = '/v1/retention?as_of=2025-03-31';
    const tagOf = async () => (await get(path, {}, own)).headers.get('etag') ?? '';
    const etag = await tagOf();
    const again = await get(path, { headers: { 'If-None-Match': `W/"x", ${etag}` } }, own);
    expect([again.status, await again.text()]).toEqual([304, '']);
    const [first] = own.said;
    const sequence = own.said.length;
    const next = { ...first!, deltaId: `g1:0:${sequence}` };
    await own.ledger.intake.take(0, [next], sequence + 1);
    expect(await tagOf()).not.toBe(etag);
  });

  it('stay while nothing comes that takes effect by the as-of and was known by then', async () => {
    await using own = await startSample();
    const tagOf = async (more = '') =>
      (await get(`/v1/retention?as_of=2025-03-31${more}`, {}, own)).headers.get('etag') ?? '';
    const before = [await tagOf(), await tagOf('&known_at=2025-04-30')];
    const moved = own.said.find(({ type }) => type === 'arr_delta') as ArrDelta;
    const take = async (effectiveAt: number, knownAt: number) => {
      const { nextSequence } = own.ledger.intake.position(0);
      const at = { effectiveAt: instant(effectiveAt), knownAt: instant(knownAt) };
      const next = { ...moved, ...at, deltaId: `g1:0:${nextSequence}` };
      await own.ledger.intake.take(0, [next], nextSequence + 1);
      return [await tagOf(), await tagOf('&known_at=2025-04-30')];
    };
    expect(await take(Date.UTC(2025, 3, 1), Date.UTC(2025, 3, 1))).toEqual(before);
    const late = await take(Date.UTC(2025, 2, 31), Date.UTC(2025, 4, 1));
    expect(late[0]).not.toBe(before[0]);
    expect(late[1]).toBe(before[1]);
  });

  it('differ by what is asked and by the form of the answer', async () => {
    const tags = await Promise.all(
      [
        ['/v1/retention?as_of=2025-03-31', 'application/json'],
        ['/v1/retention?as_of=2025-03-31', 'text/csv'],
        ['/v1/retention?as_of=2025-03-31&known_at=2025-03-31', 'application/json'],
        ['/v1/retention?as_of=2025-03-31&window=P1M', 'application/json'],
        ['/v1/retention?as_of=2025-03-31&definition=path', 'application/json'],
      ].map(async ([path = '', Accept = '']) =>
        (await get(path, { headers: { Accept } })).headers.get('etag'),
      ),
    );
    expect(new Set(tags).size).toBe(tags.length);
  });
});

describe('errors are problem documents', () => {
  it.each([
    ['/v1/retention?as_of=2025-13-01', 400, 'as_of'],
    ['/v1/retention?as_of=2025-06-30T12:00:00.001Z', 400, 'as_of'],
    ['/v1/retention?as_of=2025-03-31&known_at=2025-03-30', 400, 'as_of'],
    ['/v1/retention?window=P0M', 400, 'window'],
    ['/v1/retention?window=P45D&definition=compounded', 400, 'window'],
    ['/v1/retention?by=owner', 400, 'by'],
    ['/v1/retention?by=segment&definition=flow', 400, 'by'],
    ['/v1/retention?definition=best', 400, 'definition'],
    ['/v1/retention?windows=P1M', 400, 'windows'],
    ['/v1/retention?window=P1M&window=P2M', 400, 'window'],
    ['/v1/retention/history?every=P1D&from=2000-01-01', 400, 'every'],
    ['/v1/retention/history?from=2030-01-01', 400, 'from'],
    ['/v1/movements', 400, 'from'],
    ['/v1/movements?from=2025-01-01&to=2025-12-01', 400, 'to'],
    ['/v1/movements?from=2025-01-01&gross=1', 400, 'gross'],
    ['/v1/movements/feed?limit=0', 400, 'limit'],
    ['/v1/explain?definition=compounded', 400, 'definition'],
    ['/v1/explain?member=smb', 400, 'by'],
    [`/v1/explain?customer_id=${'x'.repeat(300)}`, 400, 'customer_id'],
    ['/v1/explain?customer_id=nobody', 404, undefined],
    ['/v1/customers/nobody', 404, undefined],
    ['/v1/nothing', 404, undefined],
  ])('%s is %i', async (path, status, field) => {
    const told = await problem(path);
    expect([told.status, told.errors?.[0]?.field]).toEqual([status, field]);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('%s is not allowed', async (method) => {
    const body = 'x'.repeat(5_000);
    const response = await get('/v1/retention', { method, body });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('a path that cannot be decoded, a header that is too large, no form that is wanted', async () => {
    expect((await problem('/v1/customers/%E0%A4%A')).status).toBe(400);
    expect(
      (await problem('/v1/status', { headers: { 'X-Long': 'x'.repeat(20_000) } })).status,
    ).toBe(431);
    expect((await problem('/v1/retention', { headers: { Accept: 'image/png' } })).status).toBe(406);
    expect((await problem('/v1/status/', { method: 'POST', body: 'x'.repeat(5_000) })).status).toBe(
      413,
    );
  });

  it('one address asks too often', async () => {
    await using own = await startSample({ requestsAMinute: 3 });
    const statuses = [];
    for (let asked = 0; asked < 4; asked += 1) {
      statuses.push((await get('/v1/status', {}, own)).status);
    }
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await problem('/v1/status', {}, own)).title).toBe('Too many requests');
    expect((await get('/healthz', {}, own)).status).toBe(200);
  });

  it('the ledger has not read everything yet', async () => {
    await using own = await startSample();
    const asOf = own.ledger.intake.asOf;
    own.ledger.intake.asOf = () => null;
    const response = await get('/v1/retention', {}, own);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    const status = await (await get('/v1/status', {}, own)).json();
    expect(status).toMatchObject({ complete: false, as_of: null, age_seconds: null });
    own.ledger.intake.asOf = asOf;
  });
});

describe('a token', () => {
  it('is asked of whoever asks for figures, and of no one else', async () => {
    await using own = await startSample({ token: 'a-token-of-some-length' });
    const status = async (path: string, authorization?: string) =>
      (await get(path, authorization === undefined ? {} : { headers: { authorization } }, own))
        .status;
    expect(await status('/v1/status')).toBe(401);
    expect(await status('/v1/status', 'Bearer a-token-of-some-lengt')).toBe(401);
    expect(await status('/v1/status', 'Basic a-token-of-some-length')).toBe(401);
    expect(await status('/v1/stream')).toBe(401);
    expect(await status('/v1/status', 'Bearer a-token-of-some-length')).toBe(200);
    for (const path of ['/', '/healthz', '/openapi.json']) expect(await status(path)).toBe(200);
    const refused = await get('/v1/retention', {}, own);
    expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="holdfast"');
  });
});

describe('the OpenAPI document', () => {
  it('describes every question with its parameters and answers', async () => {
    const document = (await (await get('/openapi.json')).json()) as {
      openapi: string;
      paths: Record<string, { get: { parameters?: { name: string }[]; responses: object } }>;
    };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths).sort()).toEqual([
      '/v1/customers',
      '/v1/customers/{id}',
      '/v1/explain',
      '/v1/explain/restated',
      '/v1/movements',
      '/v1/movements/feed',
      '/v1/restatements',
      '/v1/retention',
      '/v1/retention/history',
      '/v1/status',
      '/v1/stream',
    ]);
    const { parameters, responses } = document.paths['/v1/retention']!.get;
    expect(parameters?.map(({ name }) => name)).toEqual([
      'window',
      'as_of',
      'known_at',
      'definition',
      'by',
    ]);
    expect(Object.keys(responses)).toContain('200');
  });
});

describe('every answer', () => {
  it('carries the headers that keep a browser on this address', async () => {
    for (const path of ['/', '/v1/status', '/v1/nothing']) {
      const { headers } = await get(path);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

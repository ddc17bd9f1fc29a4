/** JSON lines: what may be left out, and what each bad line is told. */

import { describe, expect, it } from 'vitest';
import { formatChangeLine, jsonChangeCodec, parseChangeLine } from './json-change.ts';

const item = { product_id: 'core', amount_minor: 10_000, currency: 'USD', interval: 'month' };
const line = {
  type: 'subscription_changed',
  event_id: 'e1',
  customer_id: 'acme',
  subscription_id: 's1',
  version: 1,
  recorded_at: '2026-01-01T00:00:00Z',
  effective_at: '2026-01-01T00:00:00Z',
  status: 'active',
  items: [item],
};
const customer = {
  type: 'customer_changed',
  event_id: 'k1',
  customer_id: 'acme',
  version: 1,
  recorded_at: '2026-01-01T00:00:00Z',
  effective_at: '2026-01-01T00:00:00Z',
  name: null,
  attributes: { segment: 'smb' },
};
const parse = (json: object) => parseChangeLine(JSON.stringify(json));

describe('a JSON line', () => {
  it('may leave out every default', () => {
    expect(parse(line)).toEqual({
      type: 'subscription_changed',
      eventId: 'e1',
      source: '',
      customerId: 'acme',
      subscriptionId: 's1',
      version: 1,
      recordedAt: Date.UTC(2026, 0, 1),
      effectiveAt: Date.UTC(2026, 0, 1),
      status: 'active',
      items: [
        {
          productId: 'core',
          quantity: 1,
          amountMinor: 10_000,
          currency: 'USD',
          interval: 'month',
          intervalCount: 1,
          billing: 'recurring',
        },
      ],
      scheduled: [],
    });
    expect(parse(customer)).toMatchObject({ source: '', name: null });
  });

  it('may hold fields that we do not know', () => {
    expect(parse({ ...line, note: { any: ['thing'] } })).toEqual(parse(line));
  });

  it('keeps an attribute of any name', () => {
    const text = JSON.stringify(customer).replace('"segment"', '"__proto__"');
    const record = parseChangeLine(text);
    expect(formatChangeLine(record as never)).toContain('"attributes":{"__proto__":"smb"}');
    expect(record).not.toHaveProperty('segment');
  });

  it('reads -0 as 0', () => {
    const text = JSON.stringify(line).replace('"version":1', '"version":-0');
    expect(parseChangeLine(text)).toHaveProperty('version', 0);
  });

  it.each([
    ['', 'this is no JSON (it is empty); want one object a line'],
    ['  \r', 'this is no JSON (it is empty); want one object a line'],
    ['{"type":', 'this is no JSON (Unexpected end of JSON input); want one object a line'],
    ['{"a"\t:\t1\t,}', 'this is no JSON (Expected double-quoted property name in JSON at'],
    ['[1]', 'this is an array; want one object a line'],
    ['null', 'this is null; want one object a line'],
    ['7', 'this is 7; want one object a line'],
    ['{}', 'type is missing; want "subscription_changed" or "customer_changed"'],
    ['{"type":"arr_delta"}', 'type "arr_delta"; want "subscription_changed" or "customer_changed"'],
  ])('that is no record is malformed: %j', (text, message) => {
    const answer = parseChangeLine(text);
    expect(answer).toEqual({ rejected: 'malformed', message: expect.stringContaining(message) });
    expect((answer as { message: string }).message).not.toMatch(/[\t\n\r]/);
  });

  it.each([
    [{ event_id: undefined }, 'event_id is missing; want a string'],
    [{ event_id: 12 }, 'event_id 12; want a string'],
    [{ source: null }, 'source null; want a string'],
    [{ customer_id: ['a'] }, 'customer_id an array; want a string'],
    [{ version: '1' }, 'version "1"; want an integer'],
    [{ version: 1.5 }, 'version 1.5; want an integer'],
    [{ recorded_at: 1_700_000_000_000 }, 'recorded_at 1700000000000; want ISO 8601 with an offset'],
    [
      { effective_at: '2026-02-30T00:00:00Z' },
      'effective_at "2026-02-30T00:00:00Z"; want ISO 8601',
    ],
    [{ effective_at: '2026-02-03T00:00:00' }, 'effective_at "2026-02-03T00:00:00"; want ISO 8601'],
    [{ status: 1 }, 'status 1; want trialing, active, past_due, paused, ended'],
    [{ items: undefined }, 'items is missing; want an array of objects'],
    [{ items: {} }, 'items an object; want an array of objects'],
    [{ items: [item, 3] }, 'items[1] 3; want an object'],
    [{ items: [{ ...item, currency: 3 }] }, 'items[0].currency 3; want a string'],
    [
      { items: [item, { ...item, amount_minor: null }] },
      'items[1].amount_minor null; want an integer',
    ],
    [{ scheduled: null }, 'scheduled null; want an array of objects'],
    [
      { scheduled: [{ effective_at: '2027-01-01T00:00:00Z', status: 'ended' }] },
      'scheduled[0].items is missing; want an array of objects',
    ],
    [
      { event_id: 'x'.repeat(500), version: 'y'.repeat(500) },
      `version "${'y'.repeat(60)}..."; want`,
    ],
  ])('with a field of another shape is malformed: %j', (change, message) => {
    expect(parse({ ...line, ...change })).toEqual({
      rejected: 'malformed',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    [{ name: undefined }, 'name is missing; want a string or null'],
    [{ name: 4 }, 'name 4; want a string or null'],
    [{ attributes: undefined }, 'attributes is missing; want an object'],
    [{ attributes: ['a'] }, 'attributes an array; want an object'],
    [{ attributes: { segment: null } }, 'attributes["segment"] null; want a string'],
    [{ attributes: { 'a\tb': 1 } }, 'attributes["a\\tb"] 1; want a string'],
  ])('of a customer with a field of another shape is malformed: %j', (change, message) => {
    expect(parse({ ...customer, ...change })).toEqual({ rejected: 'malformed', message });
  });

  it.each([
    ['"event_id":"e1"', '"event_id":"\\ud800"', 'event_id "\\ud800"; want whole characters'],
    ['"USD"', '"\\udc00"', 'items[0].currency "\\udc00"; want whole characters'],
  ])('with half a character is malformed: %s as %s', (from, to, message) => {
    expect(parseChangeLine(JSON.stringify(line).replace(from, to))).toEqual({
      rejected: 'malformed',
      message: expect.stringContaining(message),
    });
  });

  it('with half a character in an attribute or its name is malformed', () => {
    for (const [key, value] of [
      ['segment', '\ud800'],
      ['\ud800', 'smb'],
    ]) {
      expect(parse({ ...customer, attributes: { [key!]: value } })).toMatchObject({
        rejected: 'malformed',
        message: expect.stringContaining('want whole characters'),
      });
    }
  });

  it.each([
    ['9007199254740992', 'version 9007199254740992; want an integer from -9007199254740991 to'],
    ['-9007199254740993', 'version -9007199254740992; want an integer from -9007199254740991 to'],
    ['1e400', 'version Infinity; want an integer from -9007199254740991 to'],
  ])('with a number that is not held exactly is refused: %s', (number, message) => {
    const text = JSON.stringify(line).replace('"version":1', `"version":${number}`);
    expect(parseChangeLine(text)).toEqual({
      rejected: 'bad_number',
      message: expect.stringContaining(message),
    });
  });

  it('with an interval count beyond what Avro holds is refused', () => {
    expect(parse({ ...line, items: [{ ...item, interval_count: 2 ** 31 }] })).toEqual({
      rejected: 'bad_number',
      message: 'items[0].interval_count 2147483648; want an integer from -2147483648 to 2147483647',
    });
  });

  it.each([
    [{ status: 'frozen' }, 'status "frozen"; want trialing, active, past_due, paused, ended'],
    [{ status: 'unknown' }, 'status "unknown"; want trialing, active, past_due, paused, ended'],
    [
      { items: [{ ...item, interval: 'quarter' }] },
      'items[0].interval "quarter"; want day, week, month, year',
    ],
    [
      { items: [{ ...item, billing: 'tiered' }] },
      'items[0].billing "tiered"; want recurring, usage, one_time',
    ],
    [
      { scheduled: [{ effective_at: '2027-01-01T00:00:00Z', status: 'gone', items: [] }] },
      'scheduled[0].status "gone"; want trialing, active, past_due, paused, ended',
    ],
  ])('with a symbol that we do not know is refused as such: %j', (change, message) => {
    expect(parse({ ...line, ...change })).toEqual({ rejected: 'unknown_symbol', message });
  });

  it('survives nesting without end', () => {
    const deep = `${'['.repeat(500_000)}${']'.repeat(500_000)}`;
    const text = JSON.stringify(line).replace('"items":[{', `"more":${deep},"items":[${deep},{`);
    expect(parseChangeLine(text)).toEqual({
      rejected: 'malformed',
      message: 'items[0] an array; want an object',
    });
  });
});

describe('a log of JSON lines', () => {
  it('holds one line in UTF-8 a value, of which there is nothing to learn', async () => {
    const value = Buffer.from(JSON.stringify({ ...line, event_id: 'é\uFFFD' }));
    await jsonChangeCodec.learn(value);
    expect(jsonChangeCodec.decode(value)).toMatchObject({ eventId: 'é\uFFFD' });
    expect(jsonChangeCodec.decode(Uint8Array.from(value))).toMatchObject({ eventId: 'é\uFFFD' });
  });

  it('refuses a value that is no UTF-8', () => {
    const value = Buffer.from(JSON.stringify(line));
    value[value.indexOf('acme')] = 0xff;
    expect(jsonChangeCodec.decode(value)).toEqual({
      rejected: 'malformed',
      message: 'the value is not UTF-8; write JSON in UTF-8',
    });
  });
});

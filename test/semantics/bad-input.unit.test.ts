/**
 * What can't be right is a named error whose message says field, value and remedy, and nothing of
 * it is half applied: a record is dead-lettered whole, a sum that can't be exact stops the
 * processor before its commit, a wrong policy stops it before it begins.
 */

import { policyOf } from '@holdfast/config/policy.ts';
import { loadAggregates, sumRows } from '@holdfast/domain/aggregates.ts';
import { ERRORS, HoldfastError } from '@holdfast/domain/errors.ts';
import { DEFAULT_POLICY } from '@holdfast/domain/policy.ts';
import { REJECTION_REASONS, type RejectionReason } from '@holdfast/domain/rejection.ts';
import { compileRules } from '@holdfast/domain/rules.ts';
import { afterAll, describe, expect, it } from 'vitest';
import { call, folder, jsonLines } from '../../services/cli/src/testing.ts';
import { openPipe, type Pipe } from './claimed.ts';

type Json = Readonly<Record<string, unknown>>;

const NOW = Date.parse('2025-06-01T00:00:00Z');
const DAY_MS = 86_400_000;
const POLICY = { rates: { EUR: '1.10' }, windows: ['P1M'], dimensions: ['segment'] };
const BEYOND = '9007199254740991';

/** The most that an item can be worth a year, but for a few units: a month of it. */
const MOST_A_MONTH = 833_333_333_333;
const MOST = 12 * MOST_A_MONTH;

/** What one such item is worth a year. */
const ARR = 120_000;

const item = (change: Json = {}): Json => ({
  product_id: 'core',
  amount_minor: 10_000,
  currency: 'USD',
  interval: 'month',
  ...change,
});

const subscription = (customer: string, change: Json = {}): Json => ({
  type: 'subscription_changed',
  event_id: `${customer}-1`,
  customer_id: customer,
  subscription_id: 's',
  version: 1,
  recorded_at: '2025-05-01T00:00:00Z',
  effective_at: '2025-05-01T00:00:00Z',
  status: 'active',
  items: [item()],
  ...change,
});

const secondVersion = (change: Json): Json =>
  subscription('acme', {
    event_id: 'acme-2',
    version: 2,
    effective_at: '2025-05-10T00:00:00Z',
    ...change,
  });

const line = (record: Json): string => JSON.stringify(record);

const files = folder();
afterAll(() => files.remove());

interface Bad {
  readonly what: string;
  readonly reason: RejectionReason;
  /** Field, value and remedy. */
  readonly message: string;
  readonly record: Json;
}

const phase = (at: string, items: readonly Json[] = []): Json => ({
  effective_at: at,
  status: items.length === 0 ? 'ended' : 'active',
  items,
});

const INSTANTS = 'want an instant in the years 1970 to 9999';

/** Each changes a customer that exists, in the second version, so that half of it would show. */
const BAD: readonly Bad[] = [
  {
    what: 'a currency without a rate',
    reason: 'no_rate',
    message: 'items[1].currency "CHF"; want a currency with a rate in the policy',
    record: { items: [item(), item({ product_id: 'more', currency: 'CHF' })] },
  },
  {
    what: 'a currency without a rate in a phase to come',
    reason: 'no_rate',
    message: 'scheduled[0].items[0].currency "CHF"; want a currency with a rate in the policy',
    record: { scheduled: [phase('2025-09-01T00:00:00Z', [item({ currency: 'CHF' })])] },
  },
  {
    what: 'a currency without a rate in an item that does not count',
    reason: 'no_rate',
    message: 'items[0].currency "CHF"; want a currency with a rate in the policy',
    record: { items: [item({ currency: 'CHF', billing: 'one_time' })] },
  },
  {
    what: 'a currency that does not exist',
    reason: 'unknown_currency',
    message: 'items[0].currency "XYZ"; want a code of ISO 4217',
    record: { items: [item({ currency: 'XYZ' })] },
  },
  {
    what: 'an unknown status',
    reason: 'unknown_symbol',
    message: 'status "frozen"; want trialing, active, past_due, paused, ended',
    record: { status: 'frozen' },
  },
  {
    what: 'an unknown status in a phase to come',
    reason: 'unknown_symbol',
    message: 'scheduled[0].status "unknown"; want trialing, active, past_due, paused, ended',
    record: { scheduled: [{ ...phase('2025-09-01T00:00:00Z'), status: 'unknown' }] },
  },
  {
    what: 'an unknown interval',
    reason: 'unknown_symbol',
    message: 'items[0].interval "quarter"; want day, week, month, year',
    record: { items: [item({ interval: 'quarter' })] },
  },
  {
    what: 'an unknown billing',
    reason: 'unknown_symbol',
    message: 'items[0].billing "metered"; want recurring, usage, one_time',
    record: { items: [item({ billing: 'metered' })] },
  },
  {
    what: 'phases out of order',
    reason: 'bad_schedule',
    message:
      'scheduled[1].effective_at 2025-08-01T00:00:00.000Z; want an instant after 2025-09-01T00:00:00.000Z',
    record: { scheduled: [phase('2025-09-01T00:00:00Z', [item()]), phase('2025-08-01T00:00:00Z')] },
  },
  {
    what: 'a phase that begins with its event',
    reason: 'bad_schedule',
    message:
      'scheduled[0].effective_at 2025-05-10T00:00:00.000Z; want an instant after 2025-05-10T00:00:00.000Z',
    record: { scheduled: [phase('2025-05-10T00:00:00Z')] },
  },
  {
    what: 'an amount below 0',
    reason: 'bad_number',
    message: 'items[0].amount_minor -1; want an integer from 0 to 10^12',
    record: { items: [item({ amount_minor: -1 })] },
  },
  {
    what: 'an ARR above 10^13',
    reason: 'bad_number',
    message: `items[0].amount_minor ${MOST_A_MONTH + 1}; want an ARR of at most 10^13, not 10000000000008`,
    record: { items: [item({ amount_minor: MOST_A_MONTH + 1 })] },
  },
  {
    what: 'an amount beyond safe integers',
    reason: 'bad_number',
    message: 'items[0].amount_minor 9007199254740992; want an integer from',
    record: { items: [item({ amount_minor: 2 ** 53 })] },
  },
  {
    what: 'an instant beyond the year 9999, by its offset',
    reason: 'bad_instant',
    message: `effective_at 253402300800000; ${INSTANTS}`,
    record: { effective_at: '9999-12-31T23:00:00-01:00' },
  },
  {
    what: 'a phase beyond the year 9999',
    reason: 'bad_instant',
    message: `scheduled[0].effective_at 253402304399999; ${INSTANTS}`,
    record: { scheduled: [phase('9999-12-31T23:59:59.999-01:00')] },
  },
  {
    what: 'a year of five digits, which is no instant as we read them',
    reason: 'malformed',
    message: 'effective_at "+010000-01-01T00:00:00Z"; want ISO 8601 with an offset',
    record: { effective_at: '+010000-01-01T00:00:00Z' },
  },
];

describe('a record that can not be right', () => {
  it.each(BAD)('$what: $reason, and nothing of it is applied', async (bad) => {
    const { reason, message, record } = bad;
    const pipe = await openPipe(POLICY, NOW);
    const claimed = await pipe.claim();
    pipe.append([line(subscription('acme')), line(subscription('bolt'))]);
    await pipe.commit(claimed, NOW);
    const before = pipe.seen();
    const spoilt = line(secondVersion(record));

    pipe.append([spoilt]);
    await pipe.commit(claimed, NOW);
    const boundary = { nextOffset: 3, asOf: NOW };
    expect(pipe.seen()).toEqual({ ...before, boundary });
    expect(pipe.deadLetters()).toEqual([
      { value: spoilt, reason, message: expect.stringContaining(message) },
    ]);
    expect(pipe.counters().get('events:dead_letter')).toBe(1);
    expect(pipe.counters().get(`dead_letters:${reason}`)).toBe(1);

    // The same version may still come, right this time: nothing of the spoilt one took its place.
    pipe.append([line(secondVersion({ items: [] }))]);
    await pipe.commit(claimed, NOW);
    expect(pipe.counters().get('events:applied')).toBe(3);
    expect(arrOf(pipe)).toEqual({ arrMinor: ARR, customers: 1 });
  });

  it.each(BAD)('$what: said by the command line, too', async ({ reason, message, record }) => {
    const path = files.write('bad.jsonl', jsonLines([secondVersion(record)]));
    const policy = files.write('policy.json', JSON.stringify(POLICY));
    const { exit, out } = await call(['check', '--events', path, '--policy', policy]);
    expect(exit).toBe(1);
    expect(REJECTION_REASONS).toContain(reason);
    const [number, said, ...text] = out.trimEnd().split('\t');
    expect([number, said]).toEqual(['1', reason]);
    expect(text.join('\t')).toContain(message);
  });

  it('may lie as late as the last millisecond of the year 9999', async () => {
    const pipe = await openPipe(POLICY, NOW);
    const claimed = await pipe.claim();
    const last = '9999-12-31T23:59:59.999Z';
    pipe.append([
      line(subscription('acme', { scheduled: [phase(last)] })),
      line(subscription('bolt', { effective_at: last })),
    ]);
    await pipe.commit(claimed, NOW);
    expect(pipe.deadLetters()).toEqual([]);
    expect(arrOf(pipe)).toEqual({ arrMinor: ARR, customers: 1 });
    // And time may come to it: one ends, the other begins.
    await pipe.commit(claimed, Date.parse(last));
    expect(arrOf(pipe)).toEqual({ arrMinor: ARR, customers: 1 });
    expect(pipe.seen().deltas.map(({ customerId, op }) => [customerId, op])).toEqual([
      ['acme', 'assert'],
      ['acme', 'assert'],
      ['bolt', 'assert'],
    ]);
  });
});

const arrOf = (pipe: Pipe): object => {
  const row = sumRows([pipe.seen().aggregates]).find(
    ({ kind, dimension }) => kind === 'arr' && dimension === 'all',
  );
  if (row?.kind !== 'arr') throw new Error('there is no ARR');
  return { arrMinor: row.arrMinor, customers: row.customers };
};

/** So many items of the greatest ARR. */
const rich = (customer: string, items: number, change: Json = {}): Json =>
  subscription(customer, {
    items: Array.from({ length: items }, (_, index) =>
      item({ product_id: `p${index}`, amount_minor: MOST_A_MONTH }),
    ),
    ...change,
  });

/** The most items that a safe integer holds. */
const FULL = Math.floor(Number.MAX_SAFE_INTEGER / MOST);

interface Overflow {
  readonly what: string;
  readonly message: string;
  /** What is well before; what is too much next, and when. */
  readonly before: readonly Json[];
  readonly next: readonly Json[];
  readonly asOf: number;
}

const OVERFLOWS: readonly Overflow[] = [
  {
    what: 'of one customer over its items',
    message: `customer big, ARR ${(FULL + 1) * MOST}; want at most ${BEYOND} minor units`,
    before: [subscription('acme')],
    next: [rich('big', FULL + 1)],
    asOf: NOW,
  },
  {
    what: 'of one customer over its subscriptions',
    message: `customer big, ARR ${(FULL + 1) * MOST}; want at most ${BEYOND} minor units`,
    before: [rich('big', FULL)],
    next: [rich('big', 1, { subscription_id: 's2', event_id: 'big-2' })],
    asOf: NOW,
  },
  {
    what: 'of one customer in a phase to come',
    message: `customer big, ARR ${(FULL + 1) * MOST}; want at most ${BEYOND} minor units`,
    before: [subscription('acme')],
    next: [
      subscription('big', {
        scheduled: [{ ...rich('big', FULL + 1), effective_at: '2026-01-01T00:00:00Z' }],
      }),
    ],
    asOf: NOW,
  },
  {
    what: 'of all customers',
    message: `aggregate P1M/all/all ${(FULL + 1) * MOST + ARR}; want at most ${BEYOND} minor units`,
    before: [rich('big', FULL)],
    next: [rich('more', 1)],
    asOf: NOW,
  },
  {
    what: 'of all customers when time comes to it',
    message: `aggregate arr/all/all ${(FULL + 1) * MOST}; want at most ${BEYOND} minor units`,
    before: [rich('big', FULL), rich('more', 1, { effective_at: '2025-06-20T00:00:00Z' })],
    next: [],
    asOf: NOW + 30 * DAY_MS,
  },
];

describe('a sum beyond safe integers', () => {
  it.each(OVERFLOWS)('$what stops with arr_overflow and commits nothing', async (overflow) => {
    const { message, before, next, asOf } = overflow;
    const pipe = await openPipe(POLICY, NOW);
    const claimed = await pipe.claim();
    pipe.append(before.map(line));
    await pipe.commit(claimed, NOW);
    expect(pipe.deadLetters()).toEqual([]);
    const stood = pipe.seen();

    // A good record of the same commit is held back with it.
    pipe.append([line(subscription('crew')), ...next.map(line)]);
    const error = await pipe.commit(claimed, asOf).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HoldfastError);
    expect(error).toMatchObject({
      code: 'arr_overflow',
      retry: false,
      message: `${ERRORS.arr_overflow.summary}: ${message}`,
    });
    expect(pipe.seen()).toEqual(stood);
    expect(pipe.deadLetters()).toEqual([]);

    // Memory may have moved on; what is claimed anew stands where the store stands.
    const anew = (await pipe.claim()).partition;
    expect({ nextOffset: anew.nextOffset, asOf: anew.moment.asOf }).toEqual(stood.boundary);
    expect(anew.aggregates).toEqual(loadAggregates(pipe.rules, stood.aggregates));
    expect(anew.cache.size()).toBe(0);
  });

  it('ends the processor, which finds the same again when it is started again', async () => {
    const pipe = await openPipe(POLICY, NOW);
    await pipe.commit(await pipe.claim(), NOW);
    const stood = pipe.seen();
    pipe.append([line(rich('big', FULL)), line(rich('more', 1))]);
    for (const _ of ['at first', 'started again']) {
      await expect(pipe.runUntilStopped()).rejects.toMatchObject({ code: 'arr_overflow' });
      expect(pipe.seen()).toEqual(stood);
    }
  });

  it('is never passed over inside a commit, where it would round', async () => {
    const pipe = await openPipe(POLICY, NOW);
    const claimed = await pipe.claim();
    const odd = subscription('odd', { items: [item({ amount_minor: 1, interval: 'year' })] });
    pipe.append([rich('big', FULL), odd].map(line));
    await pipe.commit(claimed, NOW);
    const stood = pipe.seen();
    // Up by more than there is room for and down again, in one commit: an odd sum would come out even.
    const smaller = rich('big', FULL - 1, { event_id: 'big-2', version: 2 });
    pipe.append([rich('up', 1), smaller].map(line));
    await expect(pipe.commit(claimed, NOW)).rejects.toMatchObject({ code: 'arr_overflow' });
    expect(pipe.seen()).toEqual(stood);
    // Here memory did move on, so that only a claim made anew may go on.
    expect(claimed.partition.aggregates).not.toEqual((await pipe.claim()).partition.aggregates);
  });

  it('over partitions is an arr_overflow, not a corrupt store', () => {
    const rows = (arr: number) => new Map([['arr/all/all', `${arr},1`]]);
    expect(() => sumRows([rows(2 ** 52), rows(2 ** 52)])).toThrow(
      `aggregate arr/all/all 9007199254740992; want at most ${BEYOND} minor units`,
    );
  });

  it('is said by the command line with what to do', async () => {
    const path = files.write('much.jsonl', jsonLines([rich('big', FULL), rich('more', 1)]));
    const { exit, out, err } = await call([
      'report',
      '--events',
      path,
      '--as-of',
      '2025-06-01',
      '--window',
      'P1M',
    ]);
    expect({ exit, out }).toEqual({ exit: 1, out: '' });
    expect(err).toBe(
      `holdfast report: ${ERRORS.arr_overflow.summary}: all all ${(FULL + 1) * MOST}; ` +
        `want at most ${BEYOND} minor units; ${ERRORS.arr_overflow.action}\n`,
    );
  });
});

describe('a policy that can not be right', () => {
  const wrong = [
    {
      what: 'an unknown time zone',
      file: { time_zone: 'Mars/Olympus' },
      message: 'time_zone "Mars/Olympus"; want a time zone of the IANA database',
    },
    {
      what: 'an offset for a time zone, which has no calendar of its own',
      file: { time_zone: '+01:00' },
      message: 'time_zone "+01:00"; want a time zone of the IANA database',
    },
    {
      what: 'an unknown reporting currency',
      file: { reporting_currency: 'XYZ' },
      message: 'reporting_currency "XYZ"; want a currency code of ISO 4217',
    },
    {
      what: 'a rate that is no exact decimal',
      file: { rates: { EUR: '1e3' } },
      message: 'rates.EUR "1e3"; want an exact decimal',
    },
    {
      what: 'a rate of a currency that does not exist',
      file: { rates: { XYZ: '1.10' } },
      message: 'rates.XYZ "XYZ"; want a currency code of ISO 4217',
    },
  ];

  it.each(wrong)('$what is config_invalid', ({ file, message }) => {
    const begin = () => policyOf(file);
    expect(begin).toThrow(HoldfastError);
    expect(begin).toThrow(`${ERRORS.config_invalid.summary}: ${message}`);
  });

  it.each(wrong)('$what ends a call before a line is read', async ({ file, message }) => {
    const policy = files.write('wrong.json', JSON.stringify(file));
    const asked = ['--as-of', '2025-06-01', '--window', 'P1M'];
    const events = ['--events', 'not-there.jsonl', '--policy', policy];
    const { exit, out, err } = await call(['report', ...events, ...asked]);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toContain(message);
  });

  it('is refused by the domain, too, where a time zone is unknown', () => {
    const compile = () => compileRules({ ...DEFAULT_POLICY, timeZone: 'Mars/Olympus' });
    expect(compile).toThrow(HoldfastError);
    expect(compile).toThrow('time_zone "Mars/Olympus"; want a time zone of the IANA database');
  });
});

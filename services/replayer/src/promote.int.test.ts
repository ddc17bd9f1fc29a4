/** A generation is rebuilt beside the live one, promoted and rolled back while processors run. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instant } from '@holdfast/domain/scalars.ts';
import { HEADERS } from '@holdfast/pipeline/headers.ts';
import { describeWithServices } from '@holdfast/testkit/services.ts';
import { Redis } from 'ioredis';
import { afterAll, expect, test, vi } from 'vitest';
import {
  clockAt,
  type SetClock,
  startLedger,
  startProcessor,
} from '../../../test/e2e/in-process.ts';
import { readDeltas, readTopic } from '../../../test/e2e/outputs.ts';
import { openPipe, type Pipe, SOON } from '../../../test/e2e/pipe.ts';
import { customerIn, item, subscription } from '../../../test/e2e/records.ts';
import { call, untilFolded } from '../../../test/e2e/replayer.ts';
import type { AtStep } from './commands/promote.ts';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-01-10T00:00:00Z');
const NOW = START + 60 * DAY_MS;
const PARTITIONS = 2;

/** Each generation refuses what the other one takes, and they differ in who counts. */
const OLD = { past_due: 'count', rates: { GBP: '1.25' } };
const NEW = { past_due: 'exclude', rates: { EUR: '1.10' }, dimensions: ['segment'] };

const folder = mkdtempSync(join(tmpdir(), 'holdfast-promote-'));
const policyFile = (name: string, policy: object): string => {
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify(policy));
  return path;
};
const OLD_FILE = policyFile('old', OLD);
const NEW_FILE = policyFile('new', NEW);
afterAll(() => rmSync(folder, { recursive: true }));

/** Two records of each customer; in every ten one goes past due, one pays in euro, one in pounds. */
const lives = (customers: number, name: string) =>
  Array.from({ length: customers }, (_, number) => {
    const id = customerIn(number % PARTITIONS, PARTITIONS, `${name}${number}`);
    const kind = Math.floor(number / PARTITIONS) % 5;
    const currency = kind === 1 ? 'EUR' : kind === 2 ? 'GBP' : 'USD';
    const items = [{ ...item, amountMinor: 15_000, currency }];
    const at = START + (number + 1) * DAY_MS;
    return [
      subscription(id, START, 10_000),
      subscription(id, at, 15_000, { status: kind === 0 ? 'past_due' : 'active', items }),
    ];
  }).flat();

const FIXED = { HOLDFAST_CLOCK: `fixed:${new Date(NOW).toISOString()}` };

const callAs = (pipe: Pipe, generation: string, words: readonly string[], atStep?: AtStep) => {
  const policy = ['2', '4'].includes(generation) ? NEW_FILE : OLD_FILE;
  return call(pipe, [...words, '--generation', generation, '--policy', policy], FIXED, atStep);
};

const processorOf = (pipe: Pipe, generation: string, clock: SetClock) =>
  startProcessor(
    {
      env: {
        ...pipe.env,
        HOLDFAST_GENERATION: generation,
        HOLDFAST_POLICY_FILE: generation === '2' ? NEW_FILE : OLD_FILE,
      },
    },
    clock,
  );

/** What a subscriber has who adds up all deltas, and what the generation's own sums say. */
const sums = async (pipe: Pipe, generation: string): Promise<readonly [number, number]> => {
  const redis = new Redis(pipe.services.redisUrl);
  let stored = 0;
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    const key = `holdfast:{${pipe.identity.instance}:${generation}:${partition}}:aggregates`;
    stored += Number(
      ((await redis.hget(key, 'arr/all/all')) ?? '0').match(/^-?\d+|(?<=\[)-?\d+/)?.[0],
    );
  }
  redis.disconnect();
  const deltas = (await readDeltas(pipe)).flat().map(({ delta }) => delta);
  const published = deltas.reduce(
    (sum, delta) => sum + (delta.type === 'arr_delta' ? delta.amountMinor : 0),
    0,
  );
  return [published, stored];
};

/** Generations in the order in which they were live, of each partition. */
const generationsIn = async (pipe: Pipe): Promise<readonly string[]> =>
  (await readTopic(pipe, pipe.topics.deltas)).map((records) =>
    records
      .map(({ headers }) => headers[HEADERS.generation] ?? '')
      .filter((generation, at, all) => generation !== all[at - 1])
      .join(' '),
  );

const count = async (pipe: Pipe): Promise<number> =>
  (await readTopic(pipe, pipe.topics.deltas)).flat().length;

describeWithServices('promoting a rebuilt generation', (services) => {
  test('under running processors: the old ones stop, the new ones go on, sums are right throughout', async () => {
    await using pipe = await openPipe(services(), { partitions: PARTITIONS, policy: OLD });
    const clock = clockAt(NOW);
    await using old = await processorOf(pipe, '1', clock);
    await pipe.produce(lives(40, 'first'));
    await untilFolded(pipe, '1', 80);
    const [before, oldSum] = await sums(pipe, '1');
    expect(before).toBe(oldSum);

    const said = await count(pipe);
    expect(await callAs(pipe, '2', ['rebuild'])).toMatchObject({ exit: 0, err: '' });
    expect(await count(pipe)).toBe(said);
    const proof = await callAs(pipe, '2', ['verify']);
    expect(proof).toMatchObject({ exit: 0, out: expect.stringContaining('not live') });
    expect(await callAs(pipe, '1', ['rebuild'])).toMatchObject({
      exit: 1,
      err: expect.stringContaining('this generation is live'),
    });

    // Stands by: not one record is folded or said by it.
    await using fresh = await processorOf(pipe, '2', clock);
    await pipe.produce(lives(20, 'second'));
    await untilFolded(pipe, '1', 120);
    expect(await generationsIn(pipe)).toEqual(['1', '1']);

    expect(await callAs(pipe, '2', ['rollback'])).toMatchObject({
      exit: 2,
      err: expect.stringContaining('never live'),
    });
    const promoted = await callAs(pipe, '2', ['promote']);
    expect(promoted).toMatchObject({ exit: 0, err: '' });
    expect(promoted.out).toMatch(/partition 1: generation 2 is live from .* deltas restated/);
    expect(await callAs(pipe, '2', ['promote'])).toMatchObject({
      exit: 0,
      out: expect.stringContaining('partition 0: generation 2 is live already'),
    });
    await pipe.produce(lives(20, 'third'));
    await untilFolded(pipe, '2', 160);
    expect(await generationsIn(pipe)).toEqual(['1 2', '1 2']);
    const [published, newSum] = await sums(pipe, '2');
    expect(published).toBe(newSum);
    expect(newSum).not.toBe(oldSum);
    expect(await callAs(pipe, '2', ['verify'])).toMatchObject({ exit: 0 });
    expect(JSON.parse((await callAs(pipe, '2', ['status', '--json'])).out)).toMatchObject({
      generation: '2',
      partitions: [{ live: '2', state: { lag: 0, same_policy: true } }, { live: '2' }],
    });

    // The way back: the processor of the old generation was never touched.
    expect(await callAs(pipe, '1', ['promote'])).toMatchObject({ exit: 2 });
    expect(await callAs(pipe, '1', ['rollback'])).toMatchObject({ exit: 0, err: '' });
    clock.at = instant(NOW + DAY_MS);
    await pipe.produce(lives(10, 'fourth'));
    await untilFolded(pipe, '1', 180, NOW + DAY_MS);
    expect(await generationsIn(pipe)).toEqual(['1 2 1', '1 2 1']);
    expect(await callAs(pipe, '1', ['verify'])).toMatchObject({ exit: 0 });
    const [atLast, atLastStored] = await sums(pipe, '1');
    expect(atLast).toBe(atLastStored);
    // Whoever reads the deltas knows what was put in force, and in which order.
    await using ledger = await startLedger(pipe, clock, join(folder, 'ledger.duckdb'));
    await vi.waitFor(async () => {
      const answer = await (await fetch(`${ledger.url}/v1/restatements`)).json();
      expect(answer).toMatchObject({ rows: [{ generation: '2' }, { generation: '1' }] });
    }, SOON);
    await ledger.stop();
    await fresh.stop();
    await old.stop();

    // Redis is lost: folding again leaves the log as it is, across generations.
    const redis = new Redis(pipe.services.redisUrl);
    await redis.unlink(...(await redis.keys(`holdfast:{${pipe.identity.instance}:*`)));
    redis.disconnect();
    const log = await readTopic(pipe, pipe.topics.deltas);
    await using again = await processorOf(pipe, '1', clock);
    await untilFolded(pipe, '1', 180, NOW + DAY_MS);
    expect(await readTopic(pipe, pipe.topics.deltas)).toEqual(log);
    expect(await callAs(pipe, '1', ['verify'])).toMatchObject({ exit: 0 });
    await again.stop();
  });

  test('killed between any two steps and run again, ends the same', async () => {
    await using pipe = await openPipe(services(), { partitions: PARTITIONS, policy: OLD });
    const clock = clockAt(NOW);
    await using old = await processorOf(pipe, '1', clock);
    await pipe.produce(lives(40, 'first'));
    await untilFolded(pipe, '1', 80);
    await old.stop();
    let generation = 1;
    for (const at of ['folded', 'fenced', 'compared', 'published'] as const) {
      generation += 1;
      const name = String(generation);
      const killed = await callAs(pipe, name, ['promote'], (step, partition) => {
        if (step === at && partition === 1) throw new Error('killed');
      });
      expect(killed).toMatchObject({ exit: 1, err: expect.stringContaining('killed') });
      // The processors of either generation may go on meanwhile; here Redis forgets instead.
      if (at === 'compared') {
        const redis = new Redis(pipe.services.redisUrl);
        await redis.unlink(...(await redis.keys(`holdfast:{${pipe.identity.instance}:*`)));
        redis.disconnect();
      }
      expect(await callAs(pipe, name, ['promote'])).toMatchObject({ exit: 0, err: '' });
      expect(await generationsIn(pipe)).toEqual(
        Array.from({ length: PARTITIONS }, () =>
          Array.from({ length: generation }, (_, each) => each + 1).join(' '),
        ),
      );
    }
    const said = await count(pipe);
    await using last = await startProcessor(
      { env: { ...pipe.env, HOLDFAST_GENERATION: '5', HOLDFAST_POLICY_FILE: OLD_FILE } },
      clock,
    );
    await untilFolded(pipe, '5', 80);
    expect(await count(pipe)).toBe(said);
    const proof = await callAs(pipe, '5', ['verify']);
    expect(proof).toMatchObject({
      exit: 0,
      err: '',
      out: expect.stringContaining('partition 1: right'),
    });
    const [published, stored] = await sums(pipe, '5');
    expect(published).toBe(stored);
    await last.stop();
  });
});

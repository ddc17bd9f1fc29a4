/**
 * A company's history behind the real API and console: the demo's pipe, a ledger in memory, and a
 * server. Its time stands still until a test moves it.
 */

import { performance } from 'node:perf_hooks';
import { type Api, startApi } from '@holdfast/api/server.ts';
import { consoleFiles } from '@holdfast/console/files.ts';
import type { Delta } from '@holdfast/domain/delta.ts';
import { DEFAULT_POLICY } from '@holdfast/domain/policy.ts';
import { instant } from '@holdfast/domain/scalars.ts';
import type { Intake } from '@holdfast/ledger/intake.ts';
import { openLedger } from '@holdfast/ledger/ledger.ts';
import { inverseOf } from '@holdfast/pipeline/deltas.ts';
import { simulateCompany } from '@holdfast/simulation/company.ts';
import { companyFeed } from '../../services/standalone/src/company-feed.ts';
import { demoClock } from '../../services/standalone/src/demo-clock.ts';
import { GENERATION, PARTITIONS, startPipe } from '../../services/standalone/src/pipe.ts';

const DAY_MS = 86_400_000;
const PAST_DAYS = 1_140;
const STEP_DAYS = 190;
export const NOW = Date.parse('2026-11-22T10:00:00Z');

export interface World extends AsyncDisposable {
  readonly url: string;
  /** The API's answer. */
  get<Answer>(path: string): Promise<Answer>;
  /** Lets so many days pass: events come, time moves on. */
  live(days: number): Promise<void>;
  /** How old the server says that its figures are; readers of the stream are told at once. */
  age(ms: number): Promise<void>;
  lag(events: number): Promise<void>;
  /** Takes the last movement back and says it again, as a promotion does that changes nothing. */
  restate(name: string): Promise<void>;
  /** Ends the server with all its streams; and the same again on the same port. */
  cut(): Promise<void>;
  mend(): Promise<void>;
}

export interface WorldOptions {
  /** 0: nothing ever arrives. */
  readonly customers: number;
  readonly token?: string;
}

export async function openWorld({ customers, token }: WorldOptions): Promise<World> {
  const policy = {
    ...DEFAULT_POLICY,
    dimensions: ['segment', 'owner'].map((name) => ({ name, cap: 50 })),
  };
  const from = NOW - PAST_DAYS * DAY_MS;
  const clock = demoClock(from, () => performance.now());
  const ledger = await openLedger({ policy, partitions: PARTITIONS, path: null });
  let last: Delta | undefined;
  const intake: Intake = Object.assign(Object.create(ledger.intake), {
    take: (...[partition, deltas, nextOffset]: Parameters<Intake['take']>) => {
      last = deltas.findLast(({ type }) => type === 'arr_delta') ?? last;
      return ledger.intake.take(partition, deltas, nextOffset);
    },
  });
  let ids = 0;
  const pipe = await startPipe({
    policy,
    clock,
    stopwatch: () => performance.now(),
    newId: () => `id-${++ids}`,
    intake,
  });
  const company = simulateCompany({ seed: 7, customers: customers || 1, from: instant(from) });
  const feed = companyFeed(company);
  const pass = async (to: number): Promise<void> => {
    for (let at = clock.now(); at < to; ) {
      at = Math.min(at + STEP_DAYS * DAY_MS, to);
      clock.set(at);
      if (customers > 0) pipe.append(feed(at));
      await pipe.settled();
    }
  };
  await pass(NOW);

  const files = await consoleFiles();
  let [ageMs, lagEvents] = [400, 0];
  const serve = (port: number): Promise<Api> =>
    startApi({
      ledger,
      // What it says of its age is the test's.
      clock: { simulated: false, now: () => clock.now() + ageMs },
      stopwatch: () => performance.now(),
      pipeline: () => ({
        generation: GENERATION,
        lagEvents,
        lastRecordAt: clock.now(),
        events: { applied: 1 },
        deadLetters: {},
      }),
      host: '127.0.0.1',
      port,
      token: token ?? null,
      requestsAMinute: 60_000,
      pages: {},
      console: files,
      failed: (path, error) => {
        throw new Error(`${path} failed`, { cause: error });
      },
    });
  let api = await serve(0);
  const { url } = api;
  return {
    url,
    get: async <Answer>(path: string): Promise<Answer> => {
      const response = await fetch(`${url}${path}`);
      if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
      return (await response.json()) as Answer;
    },
    live: (days) => pass(clock.now() + days * DAY_MS),
    age: (ms) => {
      ageMs = ms;
      return pass(clock.now() + 1);
    },
    lag: (events) => {
      lagEvents = events;
      return pass(clock.now() + 1);
    },
    restate: async (name) => {
      if (last === undefined) throw new Error('there is no movement');
      const { nextSequence, nextOffset } = ledger.intake.position(0);
      const said = [inverseOf(last), last].map((delta, at) => ({
        ...delta,
        deltaId: `${GENERATION}-2:0:${nextSequence + at}`,
        restatement: name,
      }));
      await ledger.intake.take(0, said, nextOffset + said.length);
    },
    cut: () => api.close(),
    mend: async () => {
      api = await serve(Number(new URL(url).port));
    },
    [Symbol.asyncDispose]: async () => {
      await api.close();
      await pipe.close();
      await ledger.close();
    },
  };
}

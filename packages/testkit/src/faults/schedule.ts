/**
 * One schedule, from a seed to a verdict: the world lives under faults for a while, is healed, must
 * come to rest with nothing missing, and is audited; then time leaps far ahead, it must come to
 * rest again, and is audited again.
 */

import { HEADERS, numberHeader } from '@holdfast/pipeline/headers.ts';
import type { PartitionView } from '@holdfast/pipeline/ports.ts';
import { auditPartition } from '@holdfast/replay/audit/audit.ts';
import { describeFinding } from '@holdfast/replay/audit/finding.ts';
import { incidents } from './incidents.ts';
import type { Truth } from './truth.ts';
import type { Incident } from './weather.ts';
import { type Seams, startWorld, type World } from './world.ts';

export interface Verdict {
  readonly seed: number;
  /** Null: every promise was kept. */
  readonly failure: string | null;
  readonly steps: number;
  readonly records: number;
  readonly deltas: number;
  /** How often the exporter had whole figures, all of them right. */
  readonly timesWhole: number;
}

const PROCESSES = [1, 1, 2, 3] as const;
const STEPS = [150, 300, 600] as const;
/** More than any schedule needs to come to rest. */
const MOST_STEPS_TO_REST = 4_000;
export const LAST_LEAP_MS = 45 * 24 * 3_600_000;
const ALL_RECORDS = 100_000;

export async function runSchedule(
  seed: number,
  seams: Seams = {},
  trace: string[] | null = null,
): Promise<Verdict> {
  const world = startWorld(seed, seams, trace);
  const { random, weather, scheduler, truth } = world;
  const happenings = incidents(world);
  for (let each = random.pick(PROCESSES); each > 0; each -= 1) world.start();
  let steps = 0;
  const weights = weather.incidents as Readonly<Record<Incident, number>>;
  const most = random.pick(STEPS);
  for (; steps < most && world.failure === null; steps += 1) {
    if (random.chance(weather.unrest)) happenings.happen(random.weighted(weights));
    await scheduler.step();
  }
  happenings.heal();
  scheduler.pass(Math.max(0, (await latestAsOf(truth)) - scheduler.now()));
  steps += await comeToRest(world);
  let failure = await auditAll(world);
  if (failure === null) {
    scheduler.note(() => '*** the last leap');
    scheduler.pass(LAST_LEAP_MS);
    steps += await comeToRest(world);
    failure = await auditAll(world);
  }
  const records = truth.logs.reduce((sum, { endOffset }) => sum + endOffset, 0);
  const deltas = truth.logs.reduce((sum, _, at) => sum + truth.sink.deltas(at).length, 0);
  return { seed, failure, steps, records, deltas, timesWhole: world.watches.timesWhole() };
}

/**
 * The latest as-of that was reached under wrong clocks. As-of never goes back, so nothing moves
 * before that time has come.
 */
export async function latestAsOf({ store, logs, sink }: Truth): Promise<number> {
  const views = await store.reader.readViews();
  const published = logs.map((_, at) => {
    const last = sink.deltas(at).at(-1);
    return (last && numberHeader(last, HEADERS.asOf)) ?? 0;
  });
  return Math.max(...views.map((view) => view?.meta.boundary.asOf ?? 0), ...published);
}

/** Runs until everything is folded and published up to now; how many steps it took. */
export async function comeToRest(world: World, truth = world.truth): Promise<number> {
  const { scheduler } = world;
  const until = scheduler.now();
  for (let steps = 0; steps < MOST_STEPS_TO_REST; steps += 1) {
    if (world.failure !== null || (await isAtRest(truth, until))) return steps;
    await scheduler.step();
  }
  world.fail(new Error(`never came to rest: ${await standOf(truth)}`));
  return MOST_STEPS_TO_REST;
}

const isAtRest = async ({ store, logs, sink }: Truth, until: number): Promise<boolean> => {
  const views = await store.reader.readViews();
  return views.every((view, at) => {
    if (view === null) return false;
    const { caughtUp, boundary, nextSequence } = view.meta;
    const dead = view.counters.get('events:dead_letter') ?? 0;
    return (
      caughtUp &&
      boundary.asOf >= until &&
      boundary.nextOffset === logs[at]!.endOffset &&
      sink.deltas(at).length >= nextSequence &&
      sink.deadLetters(at).length >= dead
    );
  });
};

const standOf = async ({ store, logs, sink }: Truth): Promise<string> =>
  JSON.stringify(
    (await store.reader.readViews()).map((view, at) => ({
      meta: view?.meta,
      inputEnd: logs[at]!.endOffset,
      deltas: sink.deltas(at).length,
      deadLetters: sink.deadLetters(at).length,
    })),
  );

/** The first thing that is wrong, in words. */
export async function auditAll(world: World, truth = world.truth): Promise<string | null> {
  const failed = world.failure;
  if (failed !== null) return failed.stack ?? failed.message;
  for (const view of await truth.store.reader.readViews()) {
    const finding = await auditOne(truth, view as PartitionView);
    if (finding !== null) return finding;
  }
  return null;
}

async function auditOne(
  { machine, logs, sink, store }: Truth,
  view: PartitionView,
): Promise<string | null> {
  const { partition } = view;
  const folded = store.snapshot().get(partition)?.folded;
  const customers = [...(folded?.customers ?? [])].map(([customerId, value]) => ({
    customerId,
    value,
    due: folded?.dues.get(customerId) ?? null,
  }));
  const { boundary } = view.meta;
  const { finding } = await auditPartition(machine, {
    partition,
    view: async () => view,
    customers: () => page([{ boundary, rows: customers }]),
    input: (from) => page([logs[partition]!.read(from, ALL_RECORDS).records]),
    published: {
      deltas: () => page([sink.deltas(partition)]),
      deadLetters: (from) =>
        page([sink.deadLetters(partition).filter(({ offset }) => offset >= from)]),
    },
  });
  return finding === null ? null : describeFinding(finding);
}

async function* page<One>(pages: readonly One[]): AsyncGenerator<One> {
  yield* pages;
}

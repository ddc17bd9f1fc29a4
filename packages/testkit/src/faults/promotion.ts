/**
 * One schedule of a promotion, from a seed to a verdict: processors of two generations live under
 * faults while a replayer folds the other one and promotes it, partition by partition, is killed at
 * any step and called again. Then all is well: the promotion ends, everything must come to rest, and
 * is audited; and once more after a leap of time.
 */

import { HoldfastError, isHoldfastError } from '@holdfast/domain/errors.ts';
import { embeddedStore } from '@holdfast/embedded/store.ts';
import { DEAD_LETTER_HEADERS } from '@holdfast/pipeline/headers.ts';
import { startProcessor } from '@holdfast/pipeline/processor.ts';
import { BrokenPromise } from '@holdfast/replay/audit/finding.ts';
import { inputRanges } from '@holdfast/replay/input-ranges.ts';
import { type PromoteTools, promotePartition } from '@holdfast/replay/promote.ts';
import { seeded } from '@holdfast/simulation/random.ts';
import { incidents } from './incidents.ts';
import { auditAll, comeToRest, LAST_LEAP_MS, latestAsOf } from './schedule.ts';
import { simulatedGroup } from './simulated-group.ts';
import { holdInput } from './simulated-input.ts';
import { simulatedReader } from './simulated-output.ts';
import { type SimulatedProcess, simulatedProcess } from './simulated-process.ts';
import { rulesOf, type Truth } from './truth.ts';
import { type Incident, type Weather, weather } from './weather.ts';
import { POLICIES } from './workload.ts';
import { type Seams, startWorld, type Watching, type World } from './world.ts';

export interface PromotionSeams extends Pick<Seams, 'tools'> {
  /** What the replayer is given, changed. */
  readonly replayer?: (tools: PromoteTools, world: World) => PromoteTools;
}

export interface PromotionVerdict {
  readonly seed: number;
  /** Null: every promise was kept. */
  readonly failure: string | null;
  readonly deltas: number;
  /** How often a replayer was killed. */
  readonly killed: number;
  /** How often it was rebuilt anew. */
  readonly anew: number;
}

const STEPS = [300, 600, 1_000] as const;
const MOST_STEPS_TO_PROMOTE = 8_000;
const CALLED_AGAIN = 0.1;
const KILLED = [0, 0.005, 0.02] as const;
const RETRY_MS = 500;
/** How often a processor of the promoted generation is started, and how late its end is noticed. */
const STARTED = 0.01;
const MISSED_AFTER_MS = [0, 10_000] as const;

/** Another call of it was faster. */
const mayPass = ({ code, retry }: HoldfastError): boolean =>
  retry || code === 'fenced' || code === 'publish_fenced';

/** Clocks are right: a replayer waits for none. */
const drawWeather = (seed: number): Weather => {
  const drawn = weather(seeded(seed));
  const { clock: _, store_clock: __, ...kept } = drawn.incidents;
  return { ...drawn, incidents: kept };
};

/** The promoted generation: keys in the store and a policy of its own, everything else is shared. */
const otherGeneration = (world: World): Truth => {
  const { truth, random, scheduler } = world;
  const own = embeddedStore({ partitions: truth.logs.length, clock: scheduler });
  const { promoted, setPromoted } = truth.store.store;
  return {
    ...truth,
    machine: { ...truth.machine, generation: 'g2', rules: rulesOf(random.pick(POLICIES)) },
    store: { ...own, store: { ...own.store, promoted, setPromoted } },
  };
};

/**
 * Whether a record was ahead of its time for one generation and may have been none for the other,
 * which read it a moment later. Then this one can't be promoted, and is rebuilt anew.
 */
const mayDifferOverTheDead = async ({ logs, sink, store }: Truth): Promise<boolean> => {
  const views = await store.reader.readViews();
  return logs.some((_, partition) => {
    const isAhead = sink
      .deadLetters(partition)
      .some(({ headers }) => headers[DEAD_LETTER_HEADERS.reason] === 'bad_instant');
    return isAhead || views[partition]?.counters.has('dead_letters:bad_instant');
  });
};

export async function runPromotion(
  seed: number,
  seams: PromotionSeams = {},
  trace: string[] | null = null,
): Promise<PromotionVerdict> {
  const world = startWorld(seed, { ...seams, weather: drawWeather(seed) }, trace);
  const { random, scheduler } = world;
  const next = otherGeneration(world);
  const happenings = incidents(world, next.store);
  const weights = world.weather.incidents as Readonly<Record<Incident, number>>;
  const calls = replayerCalls(world, next, seams);
  const others = otherProcessors(world, next);
  const killing = random.pick(KILLED);
  world.start();
  for (let left = random.pick(STEPS); left > 0 && world.failure === null; left -= 1) {
    if (random.chance(world.weather.unrest)) happenings.happen(random.weighted(weights));
    if (random.chance(CALLED_AGAIN)) calls.call();
    if (random.chance(killing)) calls.kill();
    // Where nothing was ever said, they would be live.
    if (calls.hasSpoken() && random.chance(STARTED)) others.start();
    if (random.chance(killing)) others.kill();
    await scheduler.step();
  }
  happenings.heal();
  scheduler.pass(Math.max(0, (await latestAsOf(world.truth)) - scheduler.now()));
  while (!calls.hasSpoken() && world.failure === null) {
    happenings.happen('append');
    await comeToRest(world);
  }
  for (let steps = 0; !calls.isDone() && world.failure === null; steps += 1) {
    if (steps === MOST_STEPS_TO_PROMOTE) world.fail(new Error('never was promoted'));
    calls.call();
    await scheduler.step();
  }
  others.start();
  await comeToRest(world, next);
  let failure = await auditAll(world, next);
  if (failure === null) {
    scheduler.pass(LAST_LEAP_MS);
    await comeToRest(world, next);
    failure = await auditAll(world, next);
  }
  const deltas = next.logs.reduce((sum, _, at) => sum + next.sink.deltas(at).length, 0);
  return { seed, failure, deltas, killed: calls.killed(), anew: calls.anew() };
}

/** Only that someone else has opened the output is of interest to the watches. */
const watchingOf = ({ watches }: World): Watching => ({
  store: {
    claimed: () => undefined,
    committing: async () => () => undefined,
    changed: async () => undefined,
  },
  output: { opened: watches.output.opened, published: () => undefined },
  ended: () => undefined,
});

const otherProcessors = (world: World, next: Truth) => {
  const { network, random, scheduler } = world;
  const { logs, machine, servers } = next;
  const group = simulatedGroup({ logs, network, server: servers.input, random });
  let count = 0;
  let running: SimulatedProcess | null = null;
  return {
    /** Unless one is there. */
    start: (): void => {
      if (running !== null) return;
      count += 1;
      const process = simulatedProcess(`next ${count}`, scheduler);
      running = process;
      scheduler.note(() => `${process.name} starts`);
      const tools = world.toolsOf(process, next, watchingOf(world));
      startProcessor(group.logOf(process, machine.topic), tools)
        .then(({ done }) => done)
        .catch((error: unknown) => {
          if (process.isAlive()) world.fail(error);
        });
    },
    kill: (): void => {
      if (running === null) return;
      const process = running;
      running = null;
      scheduler.note(() => `*** ${process.name} is killed`);
      process.kill();
      const missed = (): void => group.expel(process);
      scheduler.plan(`the group misses ${process.name}`, missed, random.pick(MISSED_AFTER_MS));
    },
  };
};

const replayerCalls = (world: World, next: Truth, seams: PromotionSeams) => {
  const { network, random, scheduler } = world;
  const { logs, servers, sink, store } = next;
  const empty = store.snapshot();
  let [count, killed, anew, done] = [0, 0, 0, false];
  let calling: SimulatedProcess | null = null;

  const toolsOf = (process: SimulatedProcess): PromoteTools => {
    const tools = {
      ...world.toolsOf(process, next, watchingOf(world)),
      reader: simulatedReader(sink, network, servers.output, process),
      folded: () => undefined,
      view: async (partition: number) => {
        const view = (await store.reader.readViews())[partition];
        if (view) return view;
        throw new HoldfastError('store_unavailable', 'simulated: it holds nothing');
      },
      back: false,
      reached: () => undefined,
    };
    return seams.replayer?.(tools, world) ?? tools;
  };

  const promoteAll = async (process: SimulatedProcess): Promise<void> => {
    const tools = toolsOf(process);
    const held = (partition: number) =>
      holdInput({ logs, network, server: servers.input, random }, process, partition).input;
    for (let partition = 0; partition < logs.length; partition += 1) {
      const ledger = inputRanges(held(partition), () => undefined);
      await promotePartition(tools, { state: held(partition), ledger });
    }
  };

  /** An operator calls again whatever may pass. */
  const call = async (process: SimulatedProcess): Promise<void> => {
    for (;;) {
      try {
        await promoteAll(process);
        done = true;
        return;
      } catch (error) {
        if (error instanceof BrokenPromise && (await mayDifferOverTheDead(next))) {
          anew += 1;
          store.failOver(empty);
        } else if (!isHoldfastError(error) || !mayPass(error)) throw error;
        const { message } = error;
        scheduler.note(() => `${process.name} calls again: ${message}`);
        await process.clock.wait(RETRY_MS);
      }
    }
  };

  // Where nothing was ever said, an owner that claims just then may say something after all.
  const hasSpoken = (): boolean => logs.every((_, at) => sink.deltas(at).length > 0);

  return {
    hasSpoken,
    isDone: () => done,
    killed: () => killed,
    anew: () => anew,
    /** Unless a call is under way. */
    call: (): void => {
      if (done || calling?.isAlive() || !hasSpoken()) return;
      count += 1;
      const process = simulatedProcess(`replayer ${count}`, scheduler);
      calling = process;
      call(process).catch((error: unknown) => {
        if (process.isAlive()) world.fail(error);
      });
    },
    kill: (): void => {
      if (done || calling === null || !calling.isAlive()) return;
      killed += 1;
      scheduler.note(() => `*** ${calling?.name} is killed`);
      calling.kill();
    },
  };
};

/** A simulated world: servers, the ways to them, processes, the group, and what watches them. */

import { type Processor, startProcessor } from '@holdfast/pipeline/processor.ts';
import type { WorkerTools } from '@holdfast/pipeline/worker.ts';
import { type Random, seeded } from '@holdfast/simulation/random.ts';
import { type Network, network } from './network.ts';
import { type Scheduler, scheduler } from './scheduler.ts';
import { type SimulatedGroup, simulatedGroup } from './simulated-group.ts';
import { simulatedSink } from './simulated-output.ts';
import { type SimulatedProcess, simulatedProcess } from './simulated-process.ts';
import { simulatedCodec } from './simulated-registry.ts';
import { simulatedStore } from './simulated-store.ts';
import { type Truth, truth } from './truth.ts';
import { type SeenViews, type Watches, watches } from './watches.ts';
import { type Weather, weather } from './weather.ts';
import { POLICIES, type Workload, workload } from './workload.ts';

/** Where a test plants a bug. */
export interface Seams {
  /** What a process is given, changed. */
  readonly tools?: (tools: WorkerTools, world: World) => WorkerTools;
  readonly views?: SeenViews;
  /** Instead of a drawn one: faults among which the bug shows soon. */
  readonly weather?: Weather;
}

export interface RunningProcess {
  readonly process: SimulatedProcess;
  readonly processor: Promise<Processor>;
}

export interface World {
  readonly random: Random;
  readonly weather: Weather;
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly truth: Truth;
  readonly group: SimulatedGroup;
  readonly workload: Workload;
  readonly watches: Watches;
  readonly processes: RunningProcess[];
  /** By so much the store's clock is ahead of the true time, ms. */
  storeClockAhead: number;
  /** The first thing that must never happen and did. */
  failure: Error | null;
  fail(error: unknown): void;
  /** What a process works with; of the world's own generation unless another one is given. */
  toolsOf(process: SimulatedProcess, of?: Truth, watching?: Watching): WorkerTools;
  /** Starts one more process. */
  start(): void;
}

export type Watching = Pick<Watches, 'store' | 'output' | 'ended'>;

const STARTS = [
  Date.UTC(2026, 0, 15, 12),
  Date.UTC(2026, 1, 28, 23, 59, 50),
  // An hour before clocks change in New York.
  Date.UTC(2026, 2, 8, 6),
] as const;
const MOST_PARTITIONS = 3;
const TICK_EVERY_MS = 100;
const CACHE_CAPACITIES = [0, 1, 2, 100] as const;
const MAX_DUE_GROUPS = [1, 2, 5_000] as const;
const BATCH_RECORDS = [1, 2, 100] as const;

export const startWorld = (seed: number, seams: Seams, trace: string[] | null): World => {
  const random = seeded(seed);
  const steps = scheduler(random, random.pick(STARTS), trace);
  const drawn = seams.weather ?? weather(random);
  const net = network(steps, random, drawn);
  const servers = truth({
    partitions: random.between(1, MOST_PARTITIONS),
    policy: random.pick(POLICIES),
    storeNow: () => steps.now() + world.storeClockAhead,
  });
  const seen = seams.views ?? ((views) => views);
  const limits = {
    cacheCapacity: random.pick(CACHE_CAPACITIES),
    batchRecords: random.pick(BATCH_RECORDS),
  };
  const maxDueGroups = random.pick(MAX_DUE_GROUPS);
  let ids = 0;

  const toolsOf: World['toolsOf'] = (process, of = servers, watching = world.watches) => {
    const { store, output, registry } = of.servers;
    const note = (what: () => string): void => steps.note(() => `${process.name} ${what()}`);
    return {
      machine: {
        ...of.machine,
        maxDueGroups,
        changes: simulatedCodec(of.machine.changes, net, registry, process),
      },
      store: simulatedStore(of.store.store, net, store, process, watching.store),
      sink: simulatedSink(of.sink, net, output, process, watching.output),
      clock: process.clock,
      policyHash: 'policy',
      ...limits,
      newId: () => {
        ids += 1;
        return `i${ids}`;
      },
      foldingAgain: (at, difference) => note(() => `folds ${at} again: ${difference}`),
      stopwatch: () => 0,
      tickEveryMs: TICK_EVERY_MS,
      events: {
        claimed: (at, epoch) => note(() => `has claimed ${at}, epoch ${epoch}`),
        committed: () => undefined,
        published: () => undefined,
        blocked: (at, error) => {
          if (error !== null) note(() => `at ${at}: ${error.message}`);
        },
        ended: (at, how) => {
          note(() => `has ended ${at}: ${how}`);
          watching.ended(at, how);
        },
      },
    };
  };

  const start = (): void => {
    const process = simulatedProcess(`p${world.processes.length + 1}`, steps);
    steps.note(() => `${process.name} starts`);
    const tools = toolsOf(process);
    const log = world.group.logOf(process, servers.machine.topic);
    const processor = startProcessor(log, seams.tools?.(tools, world) ?? tools);
    world.processes.push({ process, processor });
    processor
      .then(({ done }) => done)
      .catch((error) => {
        if (process.isAlive()) world.fail(error);
      });
  };

  const world: World = {
    random,
    weather: drawn,
    scheduler: steps,
    network: net,
    truth: servers,
    group: simulatedGroup({
      logs: servers.logs,
      network: net,
      server: servers.servers.input,
      random,
    }),
    workload: workload(random),
    watches: watches(servers, steps.now, seen, (error) => world.fail(error)),
    processes: [],
    storeClockAhead: 0,
    failure: null,
    fail: (error) => {
      world.failure ??= error instanceof Error ? error : new Error(String(error));
    },
    toolsOf,
    start,
  };
  return world;
};

/** A simulated world: servers, the ways to them, processes, the group, and what watches them. */

import type { PartitionView } from '@holdfast/pipeline/ports.ts';
import { type Processor, startProcessor } from '@holdfast/pipeline/processor.ts';
import type { WorkerTools } from '@holdfast/pipeline/worker.ts';
import { type Random, seeded } from '@holdfast/simulation/random.ts';
import { type Network, network } from './network.ts';
import { type Scheduler, scheduler } from './scheduler.ts';
import { type SimulatedGroup, simulatedGroup } from './simulated-group.ts';
import { simulatedSink } from './simulated-output.ts';
import { type SimulatedProcess, simulatedProcess } from './simulated-process.ts';
import { simulatedCodec } from './simulated-registry.ts';
import { type StoreWatch, simulatedStore } from './simulated-store.ts';
import { type Truth, truth } from './truth.ts';
import { watchDead } from './watch-dead.ts';
import { watchExporter } from './watch-exporter.ts';
import { watchOrder } from './watch-order.ts';
import { type Weather, weather } from './weather.ts';
import { POLICIES, type Workload, workload } from './workload.ts';

/** Where a test plants a bug. */
export interface Seams {
  /** What each process is given, changed. */
  readonly tools?: (tools: WorkerTools, world: World) => WorkerTools;
  /** What the exporter reads, changed. */
  readonly views?: (views: readonly (PartitionView | null)[]) => readonly (PartitionView | null)[];
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
  readonly processes: RunningProcess[];
  /** By so much the store's clock is ahead of the true time, ms. */
  storeClockAhead: number;
  /** What must never happen and did; the first one. */
  readonly failure: () => Error | null;
  fail(error: unknown): void;
  start(): void;
  readonly timesWhole: () => number;
}

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
  const drawn = weather(random);
  const net = network(steps, random, drawn);
  const servers = truth({
    partitions: random.between(1, MOST_PARTITIONS),
    policy: random.pick(POLICIES),
    storeNow: () => steps.now() + world.storeClockAhead,
  });
  const { logs, sink, store } = servers;
  const group = simulatedGroup({ logs, network: net, server: servers.servers.input, random });
  const order = watchOrder();
  const dead = watchDead();
  const exporter = watchExporter(servers, dead.in, seams.views ?? ((views) => views));
  const cacheCapacity = random.pick(CACHE_CAPACITIES);
  const maxDueGroups = random.pick(MAX_DUE_GROUPS);
  const batchRecords = random.pick(BATCH_RECORDS);
  let failure: Error | null = null;
  let ids = 0;

  const fail = (error: unknown): void => {
    failure ??= error instanceof Error ? error : new Error(String(error));
  };

  const watch: StoreWatch = {
    committing: async (partition, commit) => {
      const before = (await store.reader.readViews())[partition]?.meta;
      return () => {
        order.committed(partition, commit);
        dead.committed(
          { commitId: before?.commitId ?? '', nextOffset: before?.boundary.nextOffset ?? 0 },
          commit,
          sink.deadLetters(partition),
        );
      };
    },
    changed: () => exporter.look(steps.now()).catch(fail),
  };

  const toolsOf = (process: SimulatedProcess): WorkerTools => ({
    machine: {
      ...servers.machine,
      maxDueGroups,
      changes: simulatedCodec(net, servers.servers.registry, process),
    },
    store: simulatedStore(store.store, net, servers.servers.store, process, watch),
    sink: simulatedSink(sink, net, servers.servers.output, process, (partition, batch) => {
      try {
        order.published(partition, batch);
      } catch (error) {
        fail(error);
      }
    }),
    clock: process.clock,
    policyHash: 'policy',
    cacheCapacity,
    newId: () => {
      ids += 1;
      return `i${ids}`;
    },
    foldingAgain: (partition, difference) =>
      steps.note(() => `${process.name} folds ${partition} again: ${difference}`),
    stopwatch: () => 0,
    batchRecords,
    tickEveryMs: TICK_EVERY_MS,
    events: {
      claimed: (partition, epoch) =>
        steps.note(() => `${process.name} has claimed ${partition}, epoch ${epoch}`),
      committed: () => undefined,
      published: () => undefined,
      blocked: (partition, error) => {
        if (error !== null) steps.note(() => `${process.name} at ${partition}: ${error.message}`);
      },
      ended: (partition, how) => steps.note(() => `${process.name} has ended ${partition}: ${how}`),
    },
  });

  const start = (): void => {
    const process = simulatedProcess(`p${world.processes.length + 1}`, steps);
    steps.note(() => `${process.name} starts`);
    const tools = toolsOf(process);
    const log = {
      topic: servers.machine.topic,
      partitionCount: async () => logs.length,
      subscribe: async (handlers: Parameters<typeof group.join>[1]) => {
        const membership = group.join(process, handlers);
        return { close: () => membership.leave() };
      },
    };
    const processor = startProcessor(log, seams.tools?.(tools, world) ?? tools);
    world.processes.push({ process, processor });
    processor
      .then(({ done }) => done)
      .catch((error) => {
        if (process.isAlive()) fail(error);
      });
  };

  const world: World = {
    random,
    weather: drawn,
    scheduler: steps,
    network: net,
    truth: servers,
    group,
    workload: workload(random),
    processes: [],
    storeClockAhead: 0,
    failure: () => failure,
    fail,
    start,
    timesWhole: exporter.timesWhole,
  };
  return world;
};

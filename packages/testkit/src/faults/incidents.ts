/** What happens to a simulated world from outside: work, time, faults. Each is one function. */

import type { EmbeddedStore, StoreSnapshot } from '@holdfast/embedded/store.ts';
import { FAIR, type Incident } from './weather.ts';
import type { RunningProcess, World } from './world.ts';

export interface Incidents {
  happen(incident: Incident): void;
  /** Everything is well from now on; whoever was away comes back. */
  heal(): void;
}

const SECOND = 1_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const LEAPS_MS = [30 * SECOND, HOUR, 5 * HOUR, DAY, 6 * DAY, 20 * DAY] as const;
const CLOCKS_AHEAD_MS = [0, 0, 900, 1_500, -1_500, HOUR, -HOUR, 2 * DAY, -2 * DAY] as const;
const OUTAGE_MS = [10, 500, 5 * SECOND] as const;
const SESSION_TIMEOUT_MS = 10 * SECOND;
const MOST_PROCESSES = 3;
const MOST_SNAPSHOTS = 12;

/** Of the store with all generations in it. */
type Copy = readonly StoreSnapshot[];

/** `others`: stores of other generations, which the same server holds. */
export const incidents = (world: World, ...others: readonly EmbeddedStore[]): Incidents => {
  const { random, scheduler, truth, group, workload, network } = world;
  const { logs, servers } = truth;
  const stores = [truth.store, ...others];
  const copy = (): Copy => stores.map((store) => store.snapshot());
  const empty = copy();
  /** States that a copy of the store may have kept; the latest come last. */
  let snapshots: Copy[] = [];
  /** What the store held before a failover: another story by now. */
  let abandoned: Copy | null = null;

  const leaving = new Set<RunningProcess>();
  const isAtWork = (one: RunningProcess): boolean =>
    one.process.isAlive() && !one.process.isStopped() && !leaving.has(one);
  const note = (what: string): void => scheduler.note(() => `*** ${what}`);

  const remember = (): void => {
    snapshots.push(copy());
    if (snapshots.length > MOST_SNAPSHOTS) snapshots = snapshots.slice(1);
  };

  const failOver = (to: Copy): void => {
    abandoned = copy();
    for (const [at, store] of stores.entries()) store.failOver(to[at] as StoreSnapshot);
  };

  const failOverToCopy = (): void => {
    const to = snapshots.at(-random.between(1, Math.max(1, snapshots.length)));
    if (to === undefined) return;
    note('the store fails over to a copy that lags behind');
    failOver(to);
  };

  const startOne = (): void => {
    if (world.processes.filter(isAtWork).length < MOST_PROCESSES) world.start();
  };

  const pickAtWork = (): RunningProcess | undefined => {
    const running = world.processes.filter(isAtWork);
    return running.length === 0 ? undefined : random.pick(running);
  };

  const append = (): void => {
    const partition = random.between(0, logs.length - 1);
    const count = random.pick([1, 1, 2, 5]);
    note(`append ${count} to ${partition}`);
    for (let each = 0; each < count; each += 1) {
      logs[partition]!.append(workload.next(partition, scheduler.now()));
    }
    remember();
  };

  const crash = (): void => {
    const one = pickAtWork();
    if (one !== undefined) kill(one);
  };

  const kill = (one: RunningProcess): void => {
    note(`${one.process.name} crashes`);
    one.process.kill();
    scheduler.plan(
      `the group misses ${one.process.name}`,
      () => group.expel(one.process),
      random.pick([0, SESSION_TIMEOUT_MS]),
    );
  };

  const stop = (): void => {
    const one = pickAtWork();
    if (one === undefined) return;
    const ms = random.pick([SECOND, SESSION_TIMEOUT_MS, 3 * SESSION_TIMEOUT_MS]);
    note(`${one.process.name} stands still for ${ms} ms`);
    one.process.stop();
    scheduler.plan(
      `the group misses ${one.process.name}`,
      () => {
        if (one.process.isStopped()) group.expel(one.process);
      },
      SESSION_TIMEOUT_MS,
    );
    scheduler.plan(`${one.process.name} is let go on`, () => goOn(one), ms);
  };

  const goOn = ({ process }: RunningProcess): void => {
    process.goOn();
    process.plan('heartbeat', () => group.readmit(process), random.pick([0, SECOND]));
  };

  const leave = (): void => {
    const one = pickAtWork();
    if (one === undefined) return;
    leaving.add(one);
    note(`${one.process.name} leaves in order`);
    one.processor
      .then((processor) => processor.close())
      .then(() => {
        note(`${one.process.name} has left`);
        one.process.kill();
      }, world.fail);
  };

  const giveRights = (): void => {
    servers.output.mayWrite = true;
  };

  const outage = (): void => {
    const ms = random.pick(OUTAGE_MS);
    if (random.chance(0.2)) {
      note(`rights to write are away for ${ms} ms`);
      servers.output.mayWrite = false;
      scheduler.plan('rights are back', giveRights, ms);
      return;
    }
    const server = random.pick(Object.values(servers));
    note(`${server.name} is away for ${ms} ms`);
    server.isUp = false;
    const comeBack = (): void => {
      server.isUp = true;
    };
    scheduler.plan(`${server.name} is back`, comeBack, ms);
  };

  const happenings: Readonly<Record<Incident, () => void>> = {
    append,
    leap: () => {
      const ms = random.pick(LEAPS_MS);
      note(`time leaps ${ms / HOUR} h`);
      scheduler.pass(ms);
    },
    crash,
    restart: startOne,
    join: startOne,
    stop,
    leave,
    rebalance: () => {
      note('rebalance');
      group.rebalance();
    },
    outage,
    fail_over: failOverToCopy,
    site_lost: () => {
      note('a site is lost: the processes there, and the store');
      for (const one of world.processes.filter(isAtWork)) kill(one);
      failOverToCopy();
      world.start();
    },
    lose_all: () => {
      note('the store loses everything');
      failOver(empty);
    },
    fork_returns: () => {
      if (abandoned === null) return;
      note('the store from before the failover is back');
      failOver(abandoned);
    },
    clock: () => {
      const one = pickAtWork();
      const ms = random.pick(CLOCKS_AHEAD_MS);
      note(`the clock of ${one?.process.name} is ahead by ${ms} ms`);
      one?.process.setClockAhead(ms);
    },
    store_clock: () => {
      world.storeClockAhead = random.pick(CLOCKS_AHEAD_MS);
      note(`the clock of the store is ahead by ${world.storeClockAhead} ms`);
    },
    control_record: () => {
      logs[random.between(0, logs.length - 1)]!.skip();
    },
  };

  return {
    happen: (incident) => {
      if (random.chance(0.3)) remember();
      happenings[incident]();
    },
    heal: () => {
      note('all is well from now on');
      network.setWeather(FAIR);
      for (const server of Object.values(servers)) server.isUp = true;
      giveRights();
      world.storeClockAhead = 0;
      for (const one of world.processes) {
        one.process.setClockAhead(0);
        if (!one.process.isAlive()) group.expel(one.process);
        else if (one.process.isStopped()) goOn(one);
        else group.readmit(one.process);
      }
      if (!world.processes.some(isAtWork)) world.start();
      group.settle();
    },
  };
};

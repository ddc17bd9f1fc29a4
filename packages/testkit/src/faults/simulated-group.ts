/**
 * Who owns which partition, in the eyes of the group and in those of each member, which learns of
 * it later: until then a member that has lost a partition goes on with it. The group does not wait
 * for it.
 */

import type { EventLog, InputHandlers, InputSubscription } from '@holdfast/pipeline/ports.ts';
import type { Random } from '@holdfast/simulation/random.ts';
import type { Planned } from './scheduler.ts';
import { type HeldInput, holdInput, type InputWorld } from './simulated-input.ts';
import type { SimulatedProcess } from './simulated-process.ts';

export interface SimulatedGroup {
  /** The topic as a process reads it that joins the group. */
  logOf(process: SimulatedProcess, topic: string): EventLog;
  /** The group has heard nothing of the process for too long. */
  expel(process: SimulatedProcess): void;
  /** An expelled process is heard of again and joins anew, with what it still holds. */
  readmit(process: SimulatedProcess): void;
  /** Draws the owners again. */
  rebalance(): void;
  /** Everyone learns what is theirs within a moment. */
  settle(): void;
}

interface Member {
  readonly process: SimulatedProcess;
  /** In the eyes of the group. */
  partitions: ReadonlySet<number>;
  /** The member learns what is its own now. */
  learn(): void;
  /** When it will; null: it knows. */
  learning: Planned | null;
}

/** How late a member learns of a rebalance, ms. */
const LEARNS_AFTER_MS = [0, 0, 0, 20, 500, 5_000, 20_000] as const;

export const simulatedGroup = (world: InputWorld): SimulatedGroup => {
  const { random } = world;
  let members: Member[] = [];
  let expelled: Member[] = [];

  /** It learns what is so by then: of two times the later one would tell it nothing. */
  const tell = (member: Member, afterMs: number): void => {
    const learns = (): void => {
      member.learning = null;
      member.learn();
    };
    const planned = member.process.plan('learns its partitions', learns, afterMs);
    const { learning } = member;
    if (learning !== null && learning.at <= planned.at) {
      planned.cancel();
    } else {
      learning?.cancel();
      member.learning = planned;
    }
  };

  const rebalance = (): void => {
    const owners = drawOwners(random, world.logs.length, members);
    for (const member of members) {
      member.partitions = new Set(owners.flatMap((owner, at) => (owner === member ? [at] : [])));
      tell(member, random.pick(LEARNS_AFTER_MS));
    }
  };

  const remove = (process: SimulatedProcess): Member | undefined => {
    const gone = members.find((member) => member.process === process);
    if (gone === undefined) return undefined;
    members = members.filter((member) => member !== gone);
    gone.partitions = new Set();
    rebalance();
    return gone;
  };

  const join = (process: SimulatedProcess, handlers: InputHandlers): InputSubscription => {
    const own = ownPartitions(world, process, handlers);
    const member: Member = {
      process,
      partitions: new Set(),
      learn: () => own.set(member.partitions),
      learning: null,
    };
    members.push(member);
    rebalance();
    return {
      close: async () => {
        await own.close();
        remove(process);
      },
    };
  };

  return {
    logOf: (process, topic) => ({
      topic,
      partitionCount: async () => world.logs.length,
      subscribe: async (handlers) => join(process, handlers),
    }),
    expel: (process) => {
      const gone = remove(process);
      if (gone !== undefined) expelled.push(gone);
    },
    readmit: (process) => {
      const back = expelled.find((member) => member.process === process);
      if (back === undefined) return;
      expelled = expelled.filter((member) => member !== back);
      members.push(back);
      rebalance();
    },
    rebalance,
    settle: () => {
      for (const member of members) tell(member, 0);
    },
  };
};

const drawOwners = (
  random: Random,
  partitions: number,
  members: readonly Member[],
): readonly (Member | undefined)[] =>
  Array.from({ length: partitions }, () =>
    members.length === 0 ? undefined : random.pick(members),
  );

/** What a member does with what it learns, as the adapter of Kafka does it. */
const ownPartitions = (
  world: InputWorld,
  process: SimulatedProcess,
  handlers: InputHandlers,
): { set(wanted: ReadonlySet<number>): void; close(): Promise<unknown> } => {
  const owned = new Map<number, HeldInput>();
  const leaving = new Map<number, Promise<void>>();
  let wanted: ReadonlySet<number> = new Set();
  let isClosed = false;

  const give = (partition: number): void => {
    if (!wanted.has(partition) || owned.has(partition) || leaving.has(partition)) return;
    const held = holdInput(world, process, partition);
    owned.set(partition, held);
    handlers.assigned(held.input);
  };

  const take = async (partition: number, held: HeldInput): Promise<void> => {
    held.end();
    await handlers.revoked(partition);
    leaving.delete(partition);
    give(partition);
  };

  const set = (partitions: ReadonlySet<number>): void => {
    if (isClosed) return;
    wanted = partitions;
    for (const [partition, held] of owned) {
      if (wanted.has(partition)) continue;
      owned.delete(partition);
      leaving.set(partition, take(partition, held));
    }
    for (const partition of wanted) give(partition);
  };

  return {
    set,
    /** Resolves when work on everything has ended. */
    close: () => {
      set(new Set());
      isClosed = true;
      return Promise.all(leaving.values());
    },
  };
};

/**
 * Who owns which partition: members share them in ranges, in the order they joined. On every join
 * and leave the ranges are drawn again; a partition that stays is left alone, one that moves is
 * given on when its last owner has ended its work.
 */

import type { InputHandlers } from '@holdfast/pipeline/ports.ts';
import type { HeldInput } from './log-input.ts';

export interface Group {
  join(handlers: InputHandlers): Membership;
  /** Up to where the partition's owner has read; null where there is none. */
  position(partition: number): number | null;
}

export interface Membership {
  /** Resolves when work on every partition of this member has ended. */
  leave(): Promise<void>;
}

interface Member {
  readonly handlers: InputHandlers;
  readonly held: Map<number, HeldInput>;
}

export const group = (partitions: number, hold: (partition: number) => HeldInput): Group => {
  const members: Member[] = [];
  /** Partitions whose last owner is still at work. */
  const leaving = new Map<number, Promise<void>>();

  const ownerOf = (partition: number): Member | undefined =>
    members[Math.floor((partition * members.length) / partitions)];

  const give = (partition: number): void => {
    const owner = ownerOf(partition);
    if (owner === undefined || owner.held.has(partition) || leaving.has(partition)) return;
    const held = hold(partition);
    owner.held.set(partition, held);
    owner.handlers.assigned(held.input);
  };

  const take = async (member: Member, partition: number, held: HeldInput): Promise<void> => {
    held.end();
    try {
      await member.handlers.revoked(partition);
    } catch (error) {
      member.handlers.failed(error instanceof Error ? error : new Error(String(error)));
    }
    leaving.delete(partition);
    give(partition);
  };

  /** Takes from a member what it no longer owns; resolves when its work on that has ended. */
  const takeFrom = async (member: Member): Promise<void> => {
    const ends: Promise<void>[] = [];
    for (const [partition, held] of [...member.held]) {
      if (ownerOf(partition) === member) continue;
      member.held.delete(partition);
      const end = take(member, partition, held);
      leaving.set(partition, end);
      ends.push(end);
    }
    await Promise.all(ends);
  };

  const drawAgain = (): void => {
    for (const member of members) void takeFrom(member);
    for (let partition = 0; partition < partitions; partition += 1) give(partition);
  };

  return {
    join: (handlers) => {
      const member: Member = { handlers, held: new Map() };
      members.push(member);
      drawAgain();
      return {
        leave: async () => {
          const at = members.indexOf(member);
          if (at >= 0) members.splice(at, 1);
          const ended = takeFrom(member);
          drawAgain();
          await ended;
        },
      };
    },
    position: (partition) => {
      const held = members.map((member) => member.held.get(partition)).find(Boolean);
      return held === undefined ? null : held.position();
    },
  };
};

/**
 * What `/readyz` says of the processor: ready while it takes part in the group and nothing that it
 * needs is out of reach. A processor that owns no partition is ready, too: others own them.
 */

import type { Readiness } from '@holdfast/service/health.ts';

export interface Status {
  /** Start-up waits for this; null: for nothing more. */
  waitingFor(what: string | null): void;
  joined(): void;
  claimed(partition: number): void;
  /** Null: it goes on. */
  blocked(partition: number, why: string | null): void;
  ended(partition: number): void;
  ending(): void;
  readiness(): Readiness;
}

export const processorStatus = (): Status => {
  let phase: 'starting' | 'running' | 'ending' = 'starting';
  let waiting: string | null = null;
  const owned = new Set<number>();
  const blocked = new Map<number, string>();

  const running = (): Readiness => {
    if (blocked.size > 0) {
      const each = [...blocked].sort(([a], [b]) => a - b);
      return {
        ready: false,
        why: each.map(([partition, why]) => `partition ${partition}: ${why}`).join('; '),
      };
    }
    if (owned.size === 0) return { ready: true, why: 'owns no partition' };
    return { ready: true, why: `owns partitions ${[...owned].sort((a, b) => a - b).join(', ')}` };
  };

  return {
    waitingFor: (what) => {
      waiting = what;
    },
    joined: () => {
      phase = 'running';
    },
    claimed: (partition) => {
      owned.add(partition);
      blocked.delete(partition);
    },
    blocked: (partition, why) => {
      if (why === null) blocked.delete(partition);
      else blocked.set(partition, why);
    },
    ended: (partition) => {
      owned.delete(partition);
      blocked.delete(partition);
    },
    ending: () => {
      phase = 'ending';
    },
    readiness: () => {
      switch (phase) {
        case 'starting':
          return { ready: false, why: waiting ?? 'starting' };
        case 'running':
          return running();
        case 'ending':
          return { ready: false, why: 'ending' };
      }
    },
  };
};

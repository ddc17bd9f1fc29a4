/**
 * The projection store behind a network: the embedded one, which can be put back to an earlier
 * state as a failover does, and every call to it may go wrong.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { Commit, PartitionStore, ProjectionStore } from '@holdfast/pipeline/ports.ts';
import type { Network, Server } from './network.ts';
import type { SimulatedProcess } from './simulated-process.ts';

/** Sees what the store has done, in the order in which it did it. */
export interface StoreWatch {
  /** Called before a commit is made: the result is called if it was applied. */
  readonly committing: (partition: number, commit: Commit) => Promise<() => void>;
  /** Something may have changed. */
  readonly changed: () => Promise<void>;
  readonly claimed: (partition: number) => void;
}

const away = (): HoldfastError => new HoldfastError('store_unavailable', 'simulated');

export const simulatedStore = (
  truth: ProjectionStore,
  network: Network,
  server: Server,
  process: SimulatedProcess,
  watch: StoreWatch,
): ProjectionStore => {
  const call = <Answer>(
    label: string,
    execute: () => Promise<Answer>,
    again?: 'at once' | 'any time',
  ): Promise<Answer> =>
    network.call(process, server, {
      label,
      refused: away,
      inDoubt: away,
      execute: async () => {
        const answer = await execute();
        await watch.changed();
        return answer;
      },
      ...(again === undefined ? {} : { again }),
    });

  const remote = (partition: number, inner: PartitionStore): PartitionStore => {
    const name = (what: string): string => `store.${what} ${partition}`;
    return {
      readCustomers: (ids) =>
        call(`${name('readCustomers')} ${ids}`, () => inner.readCustomers(ids)),
      readDue: (upTo, skip, limit) =>
        call(`${name('readDue')} from ${skip}`, () => inner.readDue(upTo, skip, limit)),
      commit: (commit) =>
        call(
          `${name('commit')} ${shown(commit)}`,
          async () => {
            const applied = await watch.committing(partition, commit);
            const outcome = await inner.commit(commit);
            if (outcome.answer === 'applied') applied();
            return outcome;
          },
          'any time',
        ),
      setDue: (groups) => call(name('setDue'), () => inner.setDue(groups), 'at once'),
      discard: () => call(name('discard'), () => inner.discard(), 'at once'),
      scanCustomers: () => inner.scanCustomers(),
    };
  };

  return {
    claim: async (partition, options) => {
      const claimed = await call(
        `store.claim ${partition}`,
        () => {
          watch.claimed(partition);
          return truth.claim(partition, options);
        },
        'at once',
      );
      return { ...claimed, store: remote(partition, claimed.store) };
    },
    promoted: (partition) =>
      call(`store.promoted ${partition}`, () => truth.promoted(partition), 'any time'),
    setPromoted: (partition, generation) =>
      call(`store.setPromoted ${partition}`, () => truth.setPromoted(partition, generation)),
  };
};

const shown = ({ epoch, number, id, boundary, nextSequence, outbox }: Commit): string =>
  `${epoch}/${number} ${id} to ${boundary.nextOffset}@${boundary.asOf} seq ${nextSequence}` +
  `${outbox === null ? '' : ' +outbox'}`;

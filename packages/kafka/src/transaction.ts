/**
 * A transactional id at its coordinator: taken over, its transactions begun, committed or given up.
 * Every step may be repeated until it is answered. Writes no records.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { Broker, Cluster } from './cluster.ts';
import { faultOf, messageOf, passes } from './faults.ts';
import type { Call } from './message.ts';
import { persist } from './patience.ts';
import {
  addPartitionsCall,
  endTransactionCall,
  initProducerCall,
  type Transaction,
} from './produce.ts';

export interface TransactionalProducer {
  readonly identity: Transaction;
  /**
   * Throws `output_unavailable` where the coordinator refused it, `publish_fenced`, or
   * `publish_in_doubt` where a transaction may be open that the coordinator will end by fencing us.
   */
  begin(topics: readonly string[], partition: number, until: AbortSignal): Promise<void>;
  /** Throws `publish_in_doubt` or `publish_fenced`. */
  end(how: 'commit' | 'abort', until: AbortSignal): Promise<void>;
}

/**
 * Right after a commit the coordinator is still busy with its markers, for some milliseconds: the
 * next transaction asks again this soon.
 */
const FIRST_WAIT_MS = 1;
const LONGEST_WAIT_MS = 250;
/**
 * Fences whoever used the id before, and waits until its last transaction has ended. One that is left
 * open for `givenUpAfterMs` is given up by the coordinator.
 */
export const transactionalProducer = async (
  cluster: Cluster,
  transactionalId: string,
  until: AbortSignal,
  givenUpAfterMs: number,
): Promise<TransactionalProducer> => {
  let coordinator: Broker | null = null;

  const ask = <T>(call: Call<T>, deadline: AbortSignal): Promise<T> =>
    persist(
      async () => {
        coordinator ??= await cluster.transactionCoordinator(transactionalId);
        return coordinator.ask(call);
      },
      {
        until: deadline,
        passes,
        between: async (error) => {
          if (faultOf(error) === 'busy') return;
          coordinator = null;
          await cluster.lookAgain();
        },
        firstWaitMs: FIRST_WAIT_MS,
        longestWaitMs: LONGEST_WAIT_MS,
      },
    );

  const failure = (error: unknown, otherwise: 'output_unavailable' | 'publish_in_doubt') =>
    new HoldfastError(
      faultOf(error) === 'fenced' ? 'publish_fenced' : otherwise,
      `${transactionalId}: ${messageOf(error)}`,
      { cause: error },
    );

  const initialise = async (): Promise<Transaction> => {
    try {
      const call = initProducerCall(transactionalId, givenUpAfterMs);
      return { transactionalId, ...(await ask(call, until)) };
    } catch (error) {
      throw failure(error, 'output_unavailable');
    }
  };

  const identity = await initialise();
  return {
    identity,
    begin: async (topics, partition, deadline) => {
      try {
        await ask(addPartitionsCall(identity, topics, partition), deadline);
      } catch (error) {
        const untouched = faultOf(error) === 'denied' || faultOf(error) === 'refused';
        throw failure(error, untouched ? 'output_unavailable' : 'publish_in_doubt');
      }
    },
    end: async (how, deadline) => {
      try {
        await ask(endTransactionCall(identity, how), deadline);
      } catch (error) {
        throw failure(error, 'publish_in_doubt');
      }
    },
  };
};

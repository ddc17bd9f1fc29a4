/**
 * The requests of a producer: to append one batch to one partition, and to begin, extend and end
 * a transaction. Each knows its own fields and nothing of retries.
 */

import { BrokerRefusal } from './faults.ts';
import { type Call, int16, int32, int64, list, messageWriter, text } from './message.ts';
import type { ProducerIdentity } from './record-batch.ts';

const ALL_REPLICAS = -1;
/** How long the leader may wait for its followers. */
const REPLICATION_TIMEOUT_MS = 30_000;

/** Produce, version 7: the offset that the log gave to the batch's first record. */
export const produceCall = (
  topic: string,
  partition: number,
  batch: Buffer,
  transactionalId: string | null,
): Call<number> => ({
  name: 'Produce',
  apiKey: 0,
  apiVersion: 7,
  body: messageWriter()
    .text(transactionalId)
    .int16(ALL_REPLICAS)
    .int32(REPLICATION_TIMEOUT_MS)
    .int32(1)
    .text(topic)
    .int32(1)
    .int32(partition)
    .bytes(batch)
    .end(),
  throttle: 'last',
  decode: (answer) => {
    const [found] = list(answer, (from) => {
      text(from);
      return list(from, (each) => {
        int32(each);
        const code = int16(each);
        const baseOffset = int64(each);
        int64(each);
        int64(each);
        if (code !== 0) throw new BrokerRefusal('Produce', code);
        return baseOffset;
      });
    });
    return found![0]!;
  },
});

/** InitProducerId, version 1: fences whoever used the id before and ends its transaction. */
export const initProducerCall = (
  transactionalId: string | null,
  transactionTimeoutMs: number,
): Call<ProducerIdentity> => ({
  name: 'InitProducerId',
  apiKey: 22,
  apiVersion: 1,
  body: messageWriter().text(transactionalId).int32(transactionTimeoutMs).end(),
  throttle: 'first',
  decode: (answer) => {
    int32(answer);
    const code = int16(answer);
    if (code !== 0) throw new BrokerRefusal('InitProducerId', code);
    return { producerId: int64(answer), producerEpoch: int16(answer) };
  },
});

export interface Transaction extends ProducerIdentity {
  readonly transactionalId: string;
}

/** AddPartitionsToTxn, version 1: the first one begins the transaction. */
export const addPartitionsCall = (
  { transactionalId, producerId, producerEpoch }: Transaction,
  topics: readonly string[],
  partition: number,
): Call<void> => {
  const body = messageWriter()
    .text(transactionalId)
    .int64(producerId)
    .int16(producerEpoch)
    .int32(topics.length);
  for (const topic of topics) body.text(topic).int32(1).int32(partition);
  return {
    name: 'AddPartitionsToTxn',
    apiKey: 24,
    apiVersion: 1,
    body: body.end(),
    throttle: 'first',
    decode: (answer) => {
      int32(answer);
      const codes = list(answer, (from) => {
        text(from);
        return list(from, (each) => {
          int32(each);
          return int16(each);
        });
      }).flat();
      const code = codes.find((each) => each !== 0 && each !== OPERATION_NOT_ATTEMPTED);
      if (code !== undefined) throw new BrokerRefusal('AddPartitionsToTxn', code);
    },
  };
};

/** Said of the other partitions where one was refused. */
const OPERATION_NOT_ATTEMPTED = 55;

/** EndTxn, version 1. The same end may be asked for again. */
export const endTransactionCall = (
  { transactionalId, producerId, producerEpoch }: Transaction,
  end: 'commit' | 'abort',
): Call<void> => ({
  name: 'EndTxn',
  apiKey: 26,
  apiVersion: 1,
  body: messageWriter()
    .text(transactionalId)
    .int64(producerId)
    .int16(producerEpoch)
    .int8(end === 'commit' ? 1 : 0)
    .end(),
  throttle: 'first',
  decode: (answer) => {
    int32(answer);
    const code = int16(answer);
    if (code !== 0) throw new BrokerRefusal('EndTxn', code);
  },
});

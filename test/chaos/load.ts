/**
 * A steady load on the input topic: changes as they may come, late, corrected, repeated and broken
 * ones among them, through whatever happens to the brokers. A send that failed is made again.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { isHoldfastError } from '@holdfast/domain/errors.ts';
import type { ChangeRecord } from '@holdfast/domain/records.ts';
import { instant } from '@holdfast/domain/scalars.ts';
import type { KafkaProducer, ProducedRecord } from '@holdfast/kafka/producer.ts';
import type { Random } from '@holdfast/simulation/random.ts';
import {
  billingChanges,
  CHANGE_KINDS,
  type ChangeKind,
} from '@holdfast/testkit/faults/billing-changes.ts';
import { subscription } from '../e2e/records.ts';

export interface Load {
  resume(): void;
  /** Resolves when nothing is on its way any more. */
  pause(): Promise<void>;
  /** A quarter of all customers has a change agreed for one instant, so many ms from now. */
  agreeForOneInstant(inMs: number): Promise<void>;
  /** Event ids that Kafka has taken. */
  readonly taken: ReadonlySet<string>;
}

export interface LoadOptions {
  readonly random: Random;
  readonly producer: KafkaProducer;
  readonly topic: string;
  readonly encode: (record: ChangeRecord) => Buffer;
  /** Records a second. */
  readonly rate: number;
}

const CUSTOMERS = 400;
const SEND_EVERY_MS = 50;
const AGAIN_MS = 200;
/** Far above what any fault lasts. */
const SENT_WITHIN_MS = 120_000;
/** Which records are repeated: of the newest. */
const REMEMBERED = 500;
/** Framed as Avro, of a schema that no registry of a test knows: it has to be asked. */
const UNKNOWN_SCHEMA = Buffer.from([0, 0x77, 0x35, 0x94, 0, 0]);

const KINDS = { ...CHANGE_KINDS, unknown_schema: 0.5 };
type Kind = ChangeKind | 'unknown_schema';

interface Written extends ProducedRecord {
  readonly eventId: string | null;
}

export const steadyLoad = ({ random, producer, topic, encode, rate }: LoadOptions): Load => {
  const changes = billingChanges(random);
  const taken = new Set<string>();
  const written: Written[] = [];
  let count = 0;
  let running: AbortController | null = null;
  let loop: Promise<void> = Promise.resolve();

  const customer = (): string => `customer-${random.between(1, CUSTOMERS)}`;

  const of = (record: ChangeRecord, key: string, now: number): Written => ({
    key: Buffer.from(key),
    value: encode(record),
    timestamp: now,
    eventId: record.eventId,
  });

  const next = (now: number): Written => {
    count += 1;
    const kind: Kind = random.weighted(KINDS);
    const id = customer();
    const key = Buffer.from(id);
    const broken = { key, timestamp: now, eventId: null };
    switch (kind) {
      case 'repeat':
        return written.length === 0 ? next(now) : random.pick(written);
      case 'broken':
        return { ...broken, value: Buffer.from(`{"n":${count}`) };
      case 'unknown_schema':
        return { ...broken, value: UNKNOWN_SCHEMA };
      case 'null_value':
        return { ...broken, value: null };
      case 'foreign_key':
        return of(changes.record(id, 'change', now, count), customer(), now);
      default: {
        const change = of(changes.record(id, kind, now, count), id, now);
        written.push(change);
        if (written.length > REMEMBERED) written.shift();
        return change;
      }
    }
  };

  const send = async (records: readonly Written[]): Promise<void> => {
    const deadline = performance.now() + SENT_WITHIN_MS;
    for (;;) {
      try {
        await producer.produce(topic, records);
        for (const { eventId } of records) if (eventId !== null) taken.add(eventId);
        return;
      } catch (error) {
        if (!isHoldfastError(error) || !error.retry || performance.now() > deadline) throw error;
        await sleep(AGAIN_MS);
      }
    }
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    let due = 0;
    let last = performance.now();
    while (!signal.aborted) {
      await sleep(SEND_EVERY_MS);
      const now = performance.now();
      // What was not sent while Kafka was away is not made up for at once.
      due = Math.min(due + ((now - last) * rate) / 1000, rate);
      last = now;
      const records = Array.from({ length: Math.floor(due) }, () => next(Date.now()));
      due -= records.length;
      await send(records);
    }
  };

  return {
    taken,
    resume: () => {
      if (running !== null) return;
      running = new AbortController();
      loop = run(running.signal);
      // Whoever pauses sees why it ended.
      loop.catch(() => undefined);
    },
    pause: async () => {
      running?.abort();
      running = null;
      await loop;
    },
    agreeForOneInstant: async (inMs) => {
      const now = Date.now();
      const at = instant(now + inMs);
      const records = Array.from({ length: CUSTOMERS / 4 }, (_, quarter) => {
        count += 1;
        const id = `customer-${4 * quarter + 1}`;
        const record = subscription(id, now, 1_000 * random.between(1, 9), {
          eventId: `e${count}`,
          source: '',
          subscriptionId: 'u',
          version: count,
          scheduled: [{ effectiveAt: at, status: 'ended', items: [] }],
        });
        return of(record, id, now);
      });
      await send(records);
    },
  };
};

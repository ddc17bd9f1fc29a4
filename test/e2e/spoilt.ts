/**
 * Records that can't be taken, one of each kind, with the reason that they must be dead-lettered
 * for. They are written by avsc as it comes, so that nothing of ours can refuse to write them.
 */

import { avroName, schemaText } from '@holdfast/contracts/schemas.ts';
import type { SubscriptionChanged } from '@holdfast/domain/records.ts';
import type { RejectionReason } from '@holdfast/domain/rejection.ts';
import { instant } from '@holdfast/domain/scalars.ts';
import { schemaRegistry, subjectOf } from '@holdfast/kafka/registry.ts';
import avsc from 'avsc';
import { withFields } from '../../packages/contracts/testing/subscription.ts';
import { framed, wireOfDomain } from '../../packages/contracts/testing/vanilla.ts';
import type { Pipe, RawRecord } from './pipe.ts';
import { customerIn, item, subscription } from './records.ts';

export interface Spoilt {
  readonly what: string;
  readonly reason: RejectionReason;
  /** What the message must name, so that somebody can repair the source. */
  readonly names: string;
  readonly record: RawRecord & { readonly partition: number };
}

const DAY_MS = 86_400_000;
const TWO_MEGABYTES = 2 * 1024 * 1024;
/** No registry of a test gives so many. */
const UNKNOWN_ID = 2_000_000_000;

/** Every kind for one partition, at an instant. */
export const spoiltRecords = async (
  pipe: Pipe,
  partition: number,
  now: number,
): Promise<readonly Spoilt[]> => {
  const registry = schemaRegistry({ url: pipe.services.registryUrl, clientId: 'e2e' });
  const subject = subjectOf(pipe.topics.changes, avroName('subscription-changed'));
  const customer = customerIn(partition, pipe.partitions, 'spoilt');
  const good = subscription(customer, now, 10_000);

  /** Writes with a schema that is registered under the subject. */
  const writer = async (under: string, schema: object) => {
    const id = await registry.registerSchema(under, JSON.stringify(schema));
    const type = avsc.Type.forSchema(schema as avsc.Schema);
    return (record: SubscriptionChanged, change: object = {}): Buffer => {
      const wire = wireOfDomain('subscription-changed', record) as object;
      return framed(id, type.toBuffer({ ...wire, ...change }));
    };
  };
  const current = JSON.parse(schemaText('subscription-changed')) as object;
  const write = await writer(subject, current);
  const newer = JSON.parse(JSON.stringify(current).replace('"paused",', '"paused","frozen",'));
  const writeNewer = await writer(subject, newer as object);
  const without = withFields((fields) => fields.filter(({ name }) => name !== 'version'));
  const writeWithout = await writer(`${subject}-incompatible`, without);

  const of = (
    what: string,
    reason: RejectionReason,
    names: string,
    value: Buffer | null,
    key: string | null = customer,
    lies: number = partition,
  ): Spoilt => ({ what, reason, names, record: { key, value, timestamp: now, partition: lies } });
  const changed = (other: Partial<SubscriptionChanged>): Buffer => write({ ...good, ...other });
  const withItem = (other: Partial<typeof item>): Buffer =>
    changed({ items: [{ ...item, ...other }] });
  const whole = write(good);
  const elsewhere = (partition + 1) % pipe.partitions;

  return [
    of('bytes that are no Avro', 'malformed', 'first byte', Buffer.from('{"json": true}')),
    of('an empty value', 'malformed', 'empty', Buffer.alloc(0)),
    of('a tombstone', 'malformed', 'tombstone', null),
    of('a truncated record', 'malformed', '', whole.subarray(0, whole.length - 3)),
    of('bytes after the record', 'malformed', 'after', Buffer.concat([whole, Buffer.of(0)])),
    of('an unknown schema id', 'malformed', String(UNKNOWN_ID), framed(UNKNOWN_ID, whole)),
    of('a missing field', 'malformed', 'version', writeWithout(good)),
    of('a negative amount', 'bad_number', '-1', withItem({ amountMinor: -1 })),
    of('an amount beyond all reason', 'bad_number', 'amount', withItem({ amountMinor: 1e12 + 1 })),
    of('a quantity of 0', 'bad_number', 'quantity', withItem({ quantity: 0 })),
    of('an unknown currency', 'unknown_currency', 'ZZZ', withItem({ currency: 'ZZZ' })),
    of('a currency without a rate', 'no_rate', 'GBP', withItem({ currency: 'GBP' })),
    of('an unknown symbol', 'unknown_symbol', 'status', writeNewer(good, { status: 'frozen' })),
    of('an empty key', 'key_mismatch', customer, whole, ''),
    of('no key', 'key_mismatch', customer, whole, null),
    of('the key of another customer', 'key_mismatch', 'somebody', whole, 'somebody'),
    of(
      'another partition than the key has',
      'key_mismatch',
      'partition',
      whole,
      customer,
      elsewhere,
    ),
    of('an empty id', 'bad_id', 'event_id', changed({ eventId: '' })),
    of('2 MB', 'bad_id', 'event_id', changed({ eventId: 'e'.repeat(TWO_MEGABYTES) })),
    of(
      'recorded two days ahead',
      'bad_instant',
      'recorded_at',
      changed({ recordedAt: instant(now + 2 * DAY_MS) }),
    ),
    of(
      'phases out of order',
      'bad_schedule',
      'scheduled[1]',
      changed({
        scheduled: [2, 1].map((days) => ({
          effectiveAt: instant(now + days * DAY_MS),
          status: 'ended',
          items: [],
        })),
      }),
    ),
  ];
};

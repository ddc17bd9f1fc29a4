/** The key beside what the record says: taken, or refused in these words. */

import { jsonChangeCodec } from '@holdfast/contracts/json-change.ts';
import { jsonDeltaCodec } from '@holdfast/contracts/json-delta.ts';
import { DEFAULT_POLICY } from '@holdfast/domain/policy.ts';
import { compileRules } from '@holdfast/domain/rules.ts';
import { describe, expect, it } from 'vitest';
import type { Machine } from './partition.ts';
import { readableBatch, readChange } from './read-change.ts';

const machine: Machine = {
  rules: compileRules(DEFAULT_POLICY),
  changes: jsonChangeCodec,
  deltas: jsonDeltaCodec,
  topic: 'subscription-changes',
  generation: 'g1',
  partitionFor: (key) => key.length,
};

const changed = (customerId: string): Uint8Array =>
  Buffer.from(
    JSON.stringify({
      type: 'customer_changed',
      event_id: 'e1',
      source: 'crm',
      customer_id: customerId,
      version: 1,
      recorded_at: '2026-01-01T00:00:00Z',
      effective_at: '2026-01-01T00:00:00Z',
      name: null,
      attributes: {},
    }),
  );

/** What comes of a record of this customer under this key. */
const read = async (
  customerId: string,
  key: Uint8Array | null,
  partition = key?.length ?? 0,
): Promise<unknown> => {
  const record = { offset: 0, timestamp: 0, key, value: changed(customerId) };
  return readChange(machine, partition, record);
};

describe('a batch', () => {
  const values = ['cus_1', 'cus_2'].map(changed);
  const batch = {
    records: values.map((value, offset) => ({ offset, timestamp: 0, key: null, value })),
    nextOffset: 2,
    endOffset: 2,
  };
  /** Knows the values that it learned and did not forget. */
  const learning = () => {
    const known = new Set<Uint8Array>();
    const asked: Uint8Array[] = [];
    const changes: Machine['changes'] = {
      knows: (value) => known.has(value),
      decode: (value) => (known.has(value) ? jsonChangeCodec.decode(value) : 'schema_unknown'),
      learn: async (value) => {
        asked.push(value);
        known.add(value);
      },
    };
    return { known, asked, machine: { ...machine, changes } };
  };

  it('asks for the schemas that it needs, each once, and is read without waiting', async () => {
    const { asked, machine } = learning();
    const { records, read } = await readableBatch(machine, 0, batch);
    expect(asked).toEqual(values);
    for (const record of records) expect(read(record)).not.toBeInstanceOf(Promise);
    await readableBatch(machine, 0, batch);
    expect(asked).toEqual(values);
  });

  it('asks again where a schema was forgotten since', async () => {
    const { known, asked, machine } = learning();
    const { records, read } = await readableBatch(machine, 0, batch);
    known.clear();
    expect(await read(records[1]!)).toMatchObject({ rejected: 'key_mismatch' });
    expect(asked).toEqual([...values, values[1]]);
  });
});

const mismatch = (message: string) => ({ rejected: 'key_mismatch', message });

describe('a key', () => {
  it.each(['cus_1', 'Zoë', 'Ω'.repeat(60)])('%s that is the customer is taken', async (id) => {
    expect(await read(id, Buffer.from(id))).toMatchObject({ customerId: id });
  });

  it.each([
    [null, ''],
    [Buffer.from(''), ''],
    [Buffer.from('cus_2'), 'cus_2'],
    [Buffer.from('cus_'), 'cus_'],
    [Buffer.from('cus_11'), 'cus_11'],
    [Buffer.from([0x63, 0xff]), 'c\uFFFD'],
    [Buffer.from('k'.repeat(50)), 'k'.repeat(40)],
  ])('%s that is another is named beside the customer', async (key, shown) => {
    expect(await read('cus_1', key)).toEqual(
      mismatch(`the record's key is "${shown}"; want customer_id "cus_1"`),
    );
  });

  it('in another partition than its own is named with both', async () => {
    expect(await read('cus_1', Buffer.from('cus_1'), 3)).toEqual(
      mismatch('the key "cus_1" lies in partition 3; want 5, as the partitioner chooses'),
    );
  });
});

/** Every example beside the schemas is good, in JSON, in our Avro and in avsc's own. */

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeLearning, encodeChange, encoded, IDS, inputRegistry } from '../testing/codecs.ts';
import { framed, vanillaType, wireOfDomain, wireOfExample } from '../testing/vanilla.ts';
import { avroChangeCodec } from './avro-change.ts';
import { avroDeltaCodec } from './avro-delta.ts';
import { avroMetricCodec } from './avro-metric.ts';
import { formatChangeLine, parseChangeLine } from './json-change.ts';
import { jsonDeltaCodec } from './json-delta.ts';
import { NEWEST_VERSION, type RecordName, SCHEMA_FOLDER } from './schemas.ts';

interface Example {
  readonly record: RecordName;
  readonly file: string;
  readonly json: Readonly<Record<string, unknown>>;
}

const EXAMPLES: readonly Example[] = (Object.keys(NEWEST_VERSION) as RecordName[]).flatMap(
  (record) => {
    const folder = new URL(`${record}/`, SCHEMA_FOLDER);
    return readdirSync(folder)
      .filter((file) => file.endsWith('example.json'))
      .map((file) => ({
        record,
        file,
        json: JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Example['json'],
      }));
  },
);
const of = (...records: readonly RecordName[]) =>
  EXAMPLES.filter(({ record }) => records.includes(record));

describe('an example', () => {
  it.each(EXAMPLES)('$record/$file is valid against its schema', ({ record, json }) => {
    const wire = wireOfExample(record, json);
    expect(vanillaType(record).isValid(wire, { noUndeclaredFields: true })).toBe(true);
    const { type, ...fields } = json;
    expect(type).toBe(record.replace('-', '_'));
    expect(Object.keys(wire as object)).toEqual(expect.arrayContaining(Object.keys(fields)));
  });

  it.each(of('subscription-changed', 'customer-changed'))(
    '$record/$file is the same change in JSON and in Avro, there and back',
    async ({ record, json }) => {
      const parsed = parseChangeLine(JSON.stringify(json));
      expect(parsed).not.toHaveProperty('rejected');
      if ('rejected' in parsed) return;
      const id = record === 'subscription-changed' ? IDS.subscriptionChanged : IDS.customerChanged;
      const bytes = framed(id, vanillaType(record).toBuffer(wireOfExample(record, json)));
      expect(Buffer.from(encodeChange(parsed))).toEqual(bytes);
      expect(await decodeLearning(avroChangeCodec(inputRegistry()), bytes)).toEqual(parsed);
      expect(parseChangeLine(formatChangeLine(parsed))).toEqual(parsed);
    },
  );

  it.each(of('arr-delta', 'customer-classified'))(
    '$record/$file is the same delta in JSON and in Avro, there and back',
    ({ record, json }) => {
      const text = JSON.stringify(json);
      const delta = jsonDeltaCodec.decode(Buffer.from(text));
      expect(Buffer.from(encoded(jsonDeltaCodec, delta)).toString()).toBe(text);
      const codec = avroDeltaCodec(IDS);
      const id = record === 'arr-delta' ? IDS.arrDelta : IDS.customerClassified;
      const bytes = framed(id, vanillaType(record).toBuffer(wireOfExample(record, json)));
      expect(Buffer.from(encoded(codec, delta))).toEqual(bytes);
      expect(codec.decode(bytes)).toEqual(delta);
    },
  );

  it.each(of('retention-metric', 'partition-progress'))(
    '$record/$file is read and written by the metric codec',
    ({ record, json }) => {
      const codec = avroMetricCodec(IDS);
      const id = record === 'retention-metric' ? IDS.retentionMetric : IDS.partitionProgress;
      const wire = wireOfExample(record, json);
      const bytes = framed(id, vanillaType(record).toBuffer(wire));
      const metric = codec.decode(bytes);
      expect(wireOfDomain(record, metric)).toEqual(wire);
      expect(Buffer.from(codec.encode(metric))).toEqual(bytes);
    },
  );
});

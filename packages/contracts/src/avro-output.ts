/**
 * What Holdfast itself wrote, read back: a record that can't be read is an error of the topic, not
 * a dead letter.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import { isRejection } from '@holdfast/domain/rejection.ts';
import type { AvroDecoder } from './avro-decoder.ts';
import type { WriterSchemas } from './codec.ts';
import { schemaId } from './wire-format.ts';

/** For readers of nothing but what this version wrote. */
export const OWN_SCHEMAS_ONLY: WriterSchemas = { fetch: async () => null };

export const decodeOutput = <T extends object>(decoder: AvroDecoder<T>, value: Uint8Array): T => {
  const record = decoder.decode(value);
  if (record === 'schema_unknown') {
    throw new HoldfastError('output_unreadable', `schema id ${schemaId(value)} was not learned`);
  }
  if (isRejection(record)) throw new HoldfastError('output_unreadable', record.message);
  return record;
};

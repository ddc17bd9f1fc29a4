/** One of our records into framed Avro, written with the newest version of its schema. */

import { writerType } from './avro-records.ts';
import { ByteWriter } from './byte-writer.ts';
import type { RecordName } from './schemas.ts';
import { writePrefix } from './wire-format.ts';

/** Appends a record to what is written. `id`: the registry's id of the record's newest schema. */
export const avroWriter = <T extends object>(
  record: RecordName,
  id: number,
): ((value: T, to: ByteWriter) => void) => {
  const type = writerType(record);
  return (value, to) => {
    writePrefix(to, id);
    type._write(to, value);
  };
};

/** A record as bytes of its own. */
export const avroEncoder = <T extends object>(
  record: RecordName,
  id: number,
): ((value: T) => Uint8Array) => {
  const write = avroWriter<T>(record, id);
  const writer = new ByteWriter();
  return (value) => {
    writer.reset();
    write(value, writer);
    return writer.take();
  };
};

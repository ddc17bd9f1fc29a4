/** One of our records into framed Avro, written with the newest version of its schema. */

import { writerType } from './avro-records.ts';
import { ByteWriter } from './byte-writer.ts';
import type { RecordName } from './schemas.ts';
import { writePrefix } from './wire-format.ts';

/** `id`: the registry's id of the record's newest schema. */
export const avroEncoder = <T extends object>(
  record: RecordName,
  id: number,
): ((value: T) => Uint8Array) => {
  const type = writerType(record);
  const writer = new ByteWriter();
  return (value) => {
    writer.reset();
    writePrefix(writer, id);
    type._write(writer, value);
    return writer.take();
  };
};

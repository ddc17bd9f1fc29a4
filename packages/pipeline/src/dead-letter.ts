/** A record that can't be taken, as it goes to the dead-letter topic: its bytes whole, and why. */

import type { Rejection } from '@holdfast/domain/rejection.ts';
import { DEAD_LETTER_HEADERS as NAME } from './headers.ts';
import type { InputRecord, OutputRecord } from './ports.ts';

/** Headers are read by people and indexed by tools; a message quotes hostile input. */
const MAX_MESSAGE = 1000;

export const deadLetter = (
  topic: string,
  partition: number,
  record: InputRecord,
  { rejected, message }: Rejection,
): OutputRecord => ({
  key: record.key,
  value: record.value,
  headers: {
    [NAME.topic]: topic,
    [NAME.partition]: String(partition),
    [NAME.offset]: String(record.offset),
    [NAME.reason]: rejected,
    [NAME.message]: message.slice(0, MAX_MESSAGE),
  },
});

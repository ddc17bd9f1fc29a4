/** The events of a file: each line read and checked as the processor would, none of them folded. */

import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { megabytes, progress } from '@holdfast/command/progress.ts';
import type { World } from '@holdfast/command/world.ts';
import { jsonChangeCodec } from '@holdfast/contracts/json-change.ts';
import { type Admitted, admit } from '@holdfast/domain/admit.ts';
import type { ChangeRecord } from '@holdfast/domain/records.ts';
import { isRejection, type Rejection, reject } from '@holdfast/domain/rejection.ts';
import type { Rules } from '@holdfast/domain/rules.ts';
import { type FileLine, MAX_LINE_BYTES, readLines } from './lines.ts';

export interface FileEvent<Event> {
  readonly number: number;
  readonly event: Event | Rejection;
}

/** Each line as a record, or why it is none; in batches, in order. Throws `bad_file`. */
export async function* readRecords(
  world: World,
  path: string,
): AsyncGenerator<readonly FileEvent<ChangeRecord>[]> {
  const shown = progress(world, {
    doing: `reading ${basename(path)}`,
    total: sizeOf(path),
    amount: megabytes,
  });
  try {
    for await (const lines of readLines(path, shown.add)) {
      yield lines.map((line) => ({ number: line.number, event: recordOf(line) }));
    }
  } finally {
    shown.end();
  }
}

/** Each line as what a fold takes, or why it would be dead-lettered. Throws `bad_file`. */
export async function* readEvents(
  world: World,
  rules: Rules,
  path: string,
): AsyncGenerator<readonly FileEvent<Admitted>[]> {
  const now = world.now();
  for await (const records of readRecords(world, path)) {
    yield records.map(({ number, event }) => ({
      number,
      event: isRejection(event) ? event : admit(rules, event, now),
    }));
  }
}

function recordOf({ bytes }: FileLine): ChangeRecord | Rejection {
  if (bytes === null) {
    const most = MAX_LINE_BYTES / (1024 * 1024);
    return reject('malformed', `the line is longer than ${most} MiB; want one record a line`);
  }
  const record = jsonChangeCodec.decode(bytes);
  if (record === 'schema_unknown') throw new Error('JSON has no schemas to learn');
  return record;
}

/** 0 for a pipe, and for what can't be opened: reading it says why. */
const sizeOf = (path: string): number => {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() ? found.size : 0;
};

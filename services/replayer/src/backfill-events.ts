/** A file of JSON lines folded into customers that keep everything; bad lines are counted. */

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { jsonChangeCodec } from '@holdfast/contracts/json-change.ts';
import { admit } from '@holdfast/domain/admit.ts';
import type { Customer } from '@holdfast/domain/customer.ts';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import { fold } from '@holdfast/domain/fold.ts';
import { isRejection } from '@holdfast/domain/rejection.ts';
import type { Rules } from '@holdfast/domain/rules.ts';
import { offset } from '@holdfast/domain/scalars.ts';

/** Without a horizon nothing comes due in a fold. */
const AT_NO_TIME = 0;

export async function foldEvents(
  rules: Rules,
  path: string,
  now: number,
): Promise<{ readonly customers: readonly Customer[]; readonly bad: number }> {
  const customers = new Map<string, Customer>();
  let [line, bad] = [0, 0];
  try {
    for await (const text of createInterface({ input: createReadStream(path) })) {
      line += 1;
      if (text.trim() === '') continue;
      const change = jsonChangeCodec.decode(Buffer.from(text));
      if (change === 'schema_unknown') throw new Error('JSON has no schemas to learn');
      const admitted = isRejection(change) ? change : admit(rules, change, now);
      if (isRejection(admitted)) {
        bad += 1;
        continue;
      }
      const { customerId } = admitted;
      const before = customers.get(customerId) ?? null;
      customers.set(customerId, fold(rules, before, admitted, offset(line), AT_NO_TIME).customer);
    }
  } catch (error) {
    if (error instanceof HoldfastError || !(error instanceof Error)) throw error;
    throw new HoldfastError('bad_file', `${path}: ${error.message}`, { cause: error });
  }
  return { customers: [...customers.values()], bad };
}

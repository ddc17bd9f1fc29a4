/**
 * A file of events folded into customers that keep everything. One pass; memory grows with what is
 * to be kept of each customer, not with the file's disorder, duplicates or bad lines.
 */

import type { World } from '@holdfast/command/world.ts';
import type { Customer } from '@holdfast/domain/customer.ts';
import { fold } from '@holdfast/domain/fold.ts';
import { isRejection } from '@holdfast/domain/rejection.ts';
import type { Rules } from '@holdfast/domain/rules.ts';
import { offset } from '@holdfast/domain/scalars.ts';
import { readEvents } from './events.ts';

export interface FoldedFile {
  readonly customers: ReadonlyMap<string, Customer>;
  readonly lines: number;
  /** Lines that would be dead-lettered. */
  readonly bad: number;
  /** Events that repeat a version and recorded_at with other content: the first one stands. */
  readonly versionTies: number;
}

/** Without a horizon nothing comes due in a fold. */
const AT_NO_TIME = 0;

/**
 * `knownAt`: only what was known then. A record became known at the greatest recorded_at of its
 * customer so far, so after one that is too young none of that customer's is taken any more.
 */
export async function foldFile(
  world: World,
  rules: Rules,
  path: string,
  knownAt = Number.POSITIVE_INFINITY,
): Promise<FoldedFile> {
  const customers = new Map<string, Customer>();
  const notKnownYet = new Set<string>();
  let [lines, bad, versionTies] = [0, 0, 0];
  for await (const events of readEvents(world, rules, path)) {
    for (const { number, event } of events) {
      lines += 1;
      if (isRejection(event)) {
        bad += 1;
        continue;
      }
      const { customerId, recordedAt } = event;
      if (recordedAt > knownAt) notKnownYet.add(customerId);
      if (notKnownYet.has(customerId)) continue;
      const before = customers.get(customerId) ?? null;
      const folded = fold(rules, before, event, offset(number), AT_NO_TIME);
      if (folded.result === 'version_tie') versionTies += 1;
      if (folded.customer !== before) customers.set(customerId, folded.customer);
    }
  }
  return { customers, lines, bad, versionTies };
}

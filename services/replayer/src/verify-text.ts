/** What was proved, for people and for machines. */

import type { Audited } from '@holdfast/replay/audit/audit.ts';
import { describeFinding } from '@holdfast/replay/audit/finding.ts';

export interface AuditedPartition extends Audited {
  readonly partition: number;
  /** Its deltas are of this generation. */
  readonly isLive: boolean;
}

const count = (amount: number): string => amount.toLocaleString('en-US');

export const auditedText = (audited: AuditedPartition): string => {
  const { partition, isLive, finding, boundary } = audited;
  if (finding !== null) return describeFinding(finding);
  const counts = [
    `${count(audited.records)} records`,
    `${count(audited.customers)} customers`,
    isLive ? `${count(audited.deltas)} deltas` : "not live, its deltas are another generation's",
    ...(isLive ? [`${count(audited.deadLetters)} dead letters`] : []),
  ];
  const upTo = `offset ${boundary.nextOffset} at ${new Date(boundary.asOf).toISOString()}`;
  return `partition ${partition}: right up to ${upTo}: ${counts.join(', ')}`;
};

export const auditedJson = (
  identity: { readonly instance: string; readonly generation: string },
  audited: readonly AuditedPartition[],
): object => ({
  ...identity,
  right: audited.every(({ finding }) => finding === null),
  partitions: audited.map(({ partition, isLive, finding, boundary, ...counts }) => ({
    partition,
    live: isLive,
    next_offset: boundary.nextOffset,
    as_of: new Date(boundary.asOf).toISOString(),
    records: counts.records,
    customers: counts.customers,
    deltas: counts.deltas,
    dead_letters: counts.deadLetters,
    finding:
      finding === null
        ? null
        : {
            promise: finding.promise,
            message: finding.message,
            offset: finding.offset ?? null,
            customer_id: finding.customerId ?? null,
          },
  })),
});

/**
 * Where a live pipe can stand. It goes from one instant to the next and knows what was delivered by
 * then, so it can't show a past as it was corrected later.
 */

import type { ChangeRecord } from '@holdfast/domain/records.ts';

/** UTC ms. */
export interface At {
  readonly asOf: number;
  /** Only records known by then count; null: all. */
  readonly knownAt: number | null;
}

export interface Stop<Wanted extends At> {
  readonly wanted: Wanted;
  /** How many of the records are delivered by then. */
  readonly delivered: number;
}

const DAY_MS = 86_400_000;

/**
 * Records by the order in which a live source writes them: Kafka keeps the order of a customer,
 * which is the file's; between customers the one recorded earlier comes first.
 */
export const inLiveOrder = (records: readonly ChangeRecord[]): readonly ChangeRecord[] => {
  const latest = new Map<string, number>();
  const known = records.map((record) => {
    const at = Math.max(record.recordedAt, latest.get(record.customerId) ?? 0);
    latest.set(record.customerId, at);
    return { record, at };
  });
  return known.sort((a, b) => a.at - b.at).map(({ record }) => record);
};

/** A record may be written up to a day ahead of the time; see admit.ts. */
const isDeliverable = (record: ChangeRecord, { asOf, knownAt }: At): boolean =>
  record.recordedAt <= Math.min(asOf + DAY_MS, knownAt ?? Number.POSITIVE_INFINITY);

/** Whether the record leaves everything up to the instant as it is. */
const comesAfter = (record: ChangeRecord, { asOf, knownAt }: At): boolean =>
  (knownAt !== null && record.recordedAt > knownAt) ||
  (record.type === 'subscription_changed' && record.effectiveAt > asOf);

/** The instants at which the pipe can show what is wanted, ascending. `records` in live order. */
export const stopsOf = <Wanted extends At>(
  records: readonly ChangeRecord[],
  wanted: readonly Wanted[],
): readonly Stop<Wanted>[] => {
  const ascending = [...wanted].sort(
    (a, b) =>
      a.asOf - b.asOf ||
      (a.knownAt ?? Number.POSITIVE_INFINITY) - (b.knownAt ?? Number.POSITIVE_INFINITY),
  );
  let delivered = 0;
  return ascending.flatMap((at) => {
    let next = delivered;
    while (next < records.length && isDeliverable(records[next]!, at)) next += 1;
    const knowsTooMuch = records
      .slice(0, next)
      .some(({ recordedAt }) => at.knownAt !== null && recordedAt > at.knownAt);
    if (knowsTooMuch || !records.slice(next).every((record) => comesAfter(record, at))) return [];
    delivered = next;
    return [{ wanted: at, delivered }];
  });
};

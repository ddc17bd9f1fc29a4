/** A record as one JSON line (CONTRACTS, "JSON lines"), every field written out. */

import type { ChangeRecord, SubscriptionPhase } from '@holdfast/domain/records.ts';
import type { Instant } from '@holdfast/domain/scalars.ts';

const iso = (t: Instant): string => new Date(t).toISOString();

const phaseToJson = ({ effectiveAt, status, items }: SubscriptionPhase) => ({
  effective_at: iso(effectiveAt),
  status,
  items: items.map((item) => ({
    product_id: item.productId,
    quantity: item.quantity,
    amount_minor: item.amountMinor,
    currency: item.currency,
    interval: item.interval,
    interval_count: item.intervalCount,
    billing: item.billing,
  })),
});

/** Without a line break. */
export const toJsonLine = (record: ChangeRecord): string => {
  const head = {
    type: record.type,
    event_id: record.eventId,
    source: record.source,
    customer_id: record.customerId,
    version: record.version,
    recorded_at: iso(record.recordedAt),
    effective_at: iso(record.effectiveAt),
  };
  return JSON.stringify(
    record.type === 'customer_changed'
      ? { ...head, name: record.name, attributes: record.attributes }
      : {
          ...head,
          subscription_id: record.subscriptionId,
          ...phaseToJson(record),
          scheduled: record.scheduled.map(phaseToJson),
        },
  );
};

/**
 * Reads the JSON lines of cases (CONTRACTS, "JSON lines") and their policy. Trusts what it reads:
 * saying what is wrong with a line is `packages/contracts`' business, not the reference's.
 */

import { DEFAULT_MEMBER_CAP, DEFAULT_POLICY, type Policy } from '@holdfast/domain/policy.ts';
import type {
  Billing,
  ChangeRecord,
  Interval,
  Item,
  SubscriptionPhase,
  SubscriptionStatus,
} from '@holdfast/domain/records.ts';
import { customerId, type Instant, instant } from '@holdfast/domain/scalars.ts';

export interface JsonItem {
  readonly product_id: string;
  readonly quantity?: number;
  readonly amount_minor: number;
  readonly currency: string;
  readonly interval: Interval;
  readonly interval_count?: number;
  readonly billing?: Billing;
}

export interface JsonPhase {
  readonly effective_at: string;
  readonly status: SubscriptionStatus;
  readonly items: readonly JsonItem[];
}

interface JsonHead {
  readonly event_id: string;
  readonly source?: string;
  readonly customer_id: string;
  readonly version: number;
  readonly recorded_at: string;
  readonly effective_at: string;
}

export interface JsonSubscriptionChanged extends JsonHead, JsonPhase {
  readonly type: 'subscription_changed';
  readonly subscription_id: string;
  readonly scheduled?: readonly JsonPhase[];
}

export interface JsonCustomerChanged extends JsonHead {
  readonly type: 'customer_changed';
  readonly name?: string | null;
  readonly attributes: Readonly<Record<string, string>>;
}

export type JsonRecord = JsonSubscriptionChanged | JsonCustomerChanged;

export interface JsonPolicy {
  readonly reporting_currency?: string;
  readonly rates?: Readonly<Record<string, string>>;
  readonly time_zone?: string;
  readonly windows?: readonly string[];
  readonly dimensions?: readonly string[];
  readonly past_due?: Policy['pastDue'];
  readonly paused?: Policy['paused'];
  readonly usage?: Policy['usage'];
  readonly lateness?: string;
  readonly sources?: readonly string[];
}

const parseInstant = (text: string): Instant => instant(Date.parse(text));

const parseItem = (item: JsonItem): Item => ({
  productId: item.product_id,
  quantity: item.quantity ?? 1,
  amountMinor: item.amount_minor,
  currency: item.currency,
  interval: item.interval,
  intervalCount: item.interval_count ?? 1,
  billing: item.billing ?? 'recurring',
});

const parsePhase = (phase: JsonPhase): SubscriptionPhase => ({
  effectiveAt: parseInstant(phase.effective_at),
  status: phase.status,
  items: phase.items.map(parseItem),
});

export const parseRecord = (json: JsonRecord): ChangeRecord => {
  const head = {
    eventId: json.event_id,
    source: json.source ?? '',
    customerId: customerId(json.customer_id),
    version: json.version,
    recordedAt: parseInstant(json.recorded_at),
    effectiveAt: parseInstant(json.effective_at),
  };
  return json.type === 'customer_changed'
    ? { type: json.type, ...head, name: json.name ?? null, attributes: json.attributes }
    : {
        type: json.type,
        ...head,
        ...parsePhase(json),
        subscriptionId: json.subscription_id,
        scheduled: (json.scheduled ?? []).map(parsePhase),
      };
};

export const parsePolicy = (json: JsonPolicy): Policy => ({
  reportingCurrency: json.reporting_currency ?? DEFAULT_POLICY.reportingCurrency,
  rates: json.rates ?? DEFAULT_POLICY.rates,
  timeZone: json.time_zone ?? DEFAULT_POLICY.timeZone,
  windows: json.windows ?? DEFAULT_POLICY.windows,
  dimensions: (json.dimensions ?? []).map((name) => ({ name, cap: DEFAULT_MEMBER_CAP })),
  pastDue: json.past_due ?? DEFAULT_POLICY.pastDue,
  paused: json.paused ?? DEFAULT_POLICY.paused,
  usage: json.usage ?? DEFAULT_POLICY.usage,
  lateness: json.lateness ?? DEFAULT_POLICY.lateness,
  sources: json.sources ?? DEFAULT_POLICY.sources,
});

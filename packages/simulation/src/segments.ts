/**
 * How customers of each segment behave: sizes, terms and how often things happen in a year. Chosen
 * so that a company of 2,000 customers shows the figures of a healthy one: NRR about 107 %, GRR
 * about 92 %, enterprise growing, small business shrinking.
 */

import type { TermMonths } from './calendar.ts';

export type Segment = 'enterprise' | 'mid-market' | 'smb';

/** What may happen to a customer by itself. */
export type Occasion =
  | 'upsell'
  | 'cross_sell'
  | 'downgrade'
  | 'product_removed'
  | 'leave'
  | 'pause'
  | 'payment_failed'
  | 'reassigned';

type Range = readonly [least: number, greatest: number];

export interface Behaviour {
  readonly owners: readonly string[];
  readonly medianSeats: number;
  readonly spread: number;
  /** US cents for one seat and month at the monthly term. */
  readonly unitCents: number;
  readonly terms: Readonly<Record<`${TermMonths}`, number>>;
  /** Share of new customers that try first. */
  readonly trials: number;
  /** Times a year. */
  readonly occasions: Readonly<Record<Occasion, number>>;
  /** Percent of seats. */
  readonly upsellBy: Range;
  readonly downgradeBy: Range;
  /** Percent a year, at renewal. */
  readonly priceIncrease: Range;
}

type Shares = Readonly<Record<Segment, number>>;

/** Share of each segment among the customers of the first day, and among those that come. */
export const FIRST_SHARES: Shares = { enterprise: 0.05, 'mid-market': 0.2, smb: 0.75 };
export const SIGNUP_SHARES: Shares = { enterprise: 0.018, 'mid-market': 0.14, smb: 0.842 };

export const BEHAVIOUR: Readonly<Record<Segment, Behaviour>> = {
  enterprise: {
    owners: ['avery', 'blake', 'casey', 'devon'],
    medianSeats: 180,
    spread: 0.35,
    unitCents: 3400,
    terms: { '1': 0, '3': 0, '12': 0.7, '36': 0.3 },
    trials: 0,
    occasions: {
      upsell: 1.1,
      cross_sell: 0.2,
      downgrade: 0.12,
      product_removed: 0.02,
      leave: 0.025,
      pause: 0,
      payment_failed: 0.02,
      reassigned: 0.2,
    },
    upsellBy: [4, 14],
    downgradeBy: [4, 12],
    priceIncrease: [3, 6],
  },
  'mid-market': {
    owners: ['ellis', 'finley', 'harper', 'jordan', 'kendall', 'logan'],
    medianSeats: 46,
    spread: 0.5,
    unitCents: 2500,
    terms: { '1': 0.25, '3': 0.15, '12': 0.6, '36': 0 },
    trials: 0.2,
    occasions: {
      upsell: 1,
      cross_sell: 0.15,
      downgrade: 0.34,
      product_removed: 0.06,
      leave: 0.055,
      pause: 0,
      payment_failed: 0.06,
      reassigned: 0.2,
    },
    upsellBy: [4, 14],
    downgradeBy: [6, 22],
    priceIncrease: [2, 5],
  },
  smb: {
    owners: ['morgan', 'parker', 'quinn', 'reese', 'rowan', 'sawyer', 'skyler', 'taylor'],
    medianSeats: 12,
    spread: 0.6,
    unitCents: 1700,
    terms: { '1': 0.65, '3': 0, '12': 0.35, '36': 0 },
    trials: 0.4,
    occasions: {
      upsell: 0.3,
      cross_sell: 0.06,
      downgrade: 0.55,
      product_removed: 0.06,
      leave: 0.08,
      pause: 0.03,
      payment_failed: 0.12,
      reassigned: 0.1,
    },
    upsellBy: [8, 25],
    downgradeBy: [10, 30],
    priceIncrease: [0, 4],
  },
};

/** Products that may be added to the platform, with the share of its price per seat. */
export const ADD_ONS: Readonly<Record<string, number>> = {
  analytics: 0.3,
  automation: 0.2,
  assistant: 0.25,
  compliance: 0.12,
};

export const REGION_SHARES = { americas: 0.55, emea: 0.3, apac: 0.15 } as const;
export type Region = keyof typeof REGION_SHARES;

/** The currency of a region's price list, and its minor units for one US cent. */
export const PRICE_LISTS = {
  americas: { currency: 'USD', perCent: 1 },
  emea: { currency: 'EUR', perCent: 0.92 },
  apac: { currency: 'JPY', perCent: 1.5 },
} as const satisfies Record<Region, { readonly currency: string; readonly perCent: number }>;
export type SimulatedCurrency = (typeof PRICE_LISTS)[Region]['currency'];

/** Policies drawn at random, and the world a stream is drawn for: zone, currencies, names. */

import type { Policy } from '@holdfast/domain/policy.ts';
import * as fc from 'fast-check';
import { SCENES, type Scene } from './scenes.ts';

export interface World {
  readonly scene: Scene;
  readonly policy: Policy;
  /** Currencies that the policy can convert, the reporting currency first. */
  readonly currencies: readonly string[];
  readonly names: Names;
}

/** Ids and attribute names; the hostile ones break maps made of plain objects and joined keys. */
export interface Names {
  readonly customers: readonly string[];
  readonly subscriptions: readonly string[];
  readonly products: readonly string[];
  readonly attributes: readonly string[];
}

const PLAIN: Names = {
  customers: ['a', 'b', 'c'],
  subscriptions: ['s1', 's2', 's3'],
  products: ['core', 'reports', 'support'],
  attributes: ['segment', 'region', 'plan'],
};

const HOSTILE: Names = {
  customers: ['constructor', 'ä/b {c}', '__proto__'],
  subscriptions: ['s:1', 'toString', ' '],
  products: ['__proto__', 'a,b', 'a'],
  attributes: ['constructor', 'région %', '__proto__'],
};

/** Reporting currency with rates for others: exponents 0, 2, 3 and 4, halves that must go to even. */
const MONIES: readonly Pick<Policy, 'reportingCurrency' | 'rates'>[] = [
  { reportingCurrency: 'USD', rates: {} },
  { reportingCurrency: 'USD', rates: { EUR: '1.10', JPY: '0.0066', KWD: '3.25' } },
  { reportingCurrency: 'JPY', rates: { USD: '151.515151', KWD: '489.5', UGX: '0.04' } },
  { reportingCurrency: 'KWD', rates: { EUR: '0.3333', KRW: '0.00022', CLF: '12.5' } },
  { reportingCurrency: 'EUR', rates: { HUF: '0.0025', IQD: '0.0007', USD: '0.5', UYW: '0.1' } },
];

const WINDOWS = ['P1M', 'P3M', 'P12M', 'P7D', 'P30D', 'P1Y', 'P2W', 'P1D', 'P365D'];
const LATENESS = ['P90D', 'P1D', 'P1W', 'P1M', 'P30D', 'P1Y'];
export const SOURCES = ['', 'billing', 'crm'] as const;

/** Shrinks to UTC, dollars and one window of a month. */
export const worldArbitrary: fc.Arbitrary<World> = fc
  .record({
    scene: fc.constantFrom(...SCENES),
    money: fc.constantFrom(...MONIES),
    windows: fc.uniqueArray(fc.constantFrom(...WINDOWS), { minLength: 1, maxLength: 3 }),
    names: fc.oneof({ arbitrary: fc.constant(PLAIN), weight: 3 }, fc.constant(HOSTILE)),
    dimensions: fc.constantFrom(1, 2, 0),
    pastDue: fc.constantFrom('count' as const, 'exclude' as const),
    paused: fc.constantFrom('exclude' as const, 'count' as const),
    usage: fc.constantFrom('exclude' as const, 'include' as const),
    lateness: fc.constantFrom(...LATENESS),
    sources: fc.uniqueArray(fc.constantFrom(...SOURCES), { maxLength: 3 }),
  })
  .map(({ scene, money, windows, names, dimensions, ...rules }) => ({
    scene,
    currencies: [money.reportingCurrency, ...Object.keys(money.rates)],
    names,
    policy: {
      ...money,
      ...rules,
      windows,
      timeZone: scene.zone,
      dimensions: names.attributes.slice(0, dimensions).map((name) => ({ name, cap: 50 })),
    },
  }));

/**
 * The tiers of tests, told apart by the suffix of the file: `.<tier>.test.ts`. Every one of them
 * belongs to the normal run. docs/TESTING.md says what each is for.
 */

interface Tier {
  /** Whether its tests need Kafka, the registry and Redis. */
  readonly services: boolean;
  /** One test's limit, ms: so that a test that hangs ends, far above what a busy machine takes. */
  readonly limitMs: number;
}

export const TIERS = {
  unit: { services: false, limitMs: 30_000 },
  property: { services: false, limitMs: 120_000 },
  int: { services: true, limitMs: 120_000 },
  e2e: { services: true, limitMs: 300_000 },
} as const satisfies Record<string, Tier>;

export type TierName = keyof typeof TIERS;

export const isTier = (word: string): word is TierName => Object.hasOwn(TIERS, word);

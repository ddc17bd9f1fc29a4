import { DEFAULT_POLICY } from '@holdfast/domain/policy.ts';
import { customerId, instant, minorUnits } from '@holdfast/domain/scalars.ts';
import { expect, it } from 'vitest';
import { delta } from './delta.fixture.ts';
import { openLedger } from './ledger.ts';

it('tells of each generation put in force what it changed, from when on, and after what it came', async () => {
  const ledger = await openLedger({ policy: DEFAULT_POLICY, partitions: 2, path: null });
  try {
    expect(await ledger.restatements()).toEqual([]);
    const restated = { restatement: 'new rates', customerId: customerId('c1') } as const;
    await ledger.intake.take(
      0,
      [
        delta(0),
        delta(1, { effectiveAt: instant(500), knownAt: instant(3_000) }),
        delta(2, {
          ...restated,
          deltaId: '2:0:2',
          effectiveAt: instant(500),
          op: 'retract',
          amountMinor: minorUnits(-100),
        }),
        delta(3, {
          ...restated,
          deltaId: '2:0:3',
          effectiveAt: instant(500),
          amountMinor: minorUnits(120),
        }),
        delta(4, { deltaId: '2:0:4', knownAt: instant(9_000) }),
      ],
      5,
    );
    await ledger.intake.take(
      1,
      [
        delta(0, { deltaId: '1:1:0', knownAt: instant(4_000) }),
        delta(1, { deltaId: '2:1:1', ...restated, amountMinor: minorUnits(5) }),
      ],
      2,
    );
    expect(await ledger.restatements()).toEqual([
      {
        name: 'new rates',
        generation: '2',
        afterKnownAt: 4_000,
        effectiveFrom: 500,
        deltas: 3,
        amountMinor: 25,
      },
    ]);
  } finally {
    await ledger.close();
  }
});

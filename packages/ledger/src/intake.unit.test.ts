import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFINITIONS } from '@holdfast/domain/definitions/by-name.ts';
import type { Delta } from '@holdfast/domain/delta.ts';
import { DEFAULT_POLICY } from '@holdfast/domain/policy.ts';
import { customerId, instant } from '@holdfast/domain/scalars.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { delta } from './delta.fixture.ts';
import { type Ledger, type LedgerOptions, openLedger } from './ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-intake-'));
const opened: Ledger[] = [];
const open = async (options: Partial<LedgerOptions> = {}): Promise<Ledger> => {
  const ledger = await openLedger({
    policy: DEFAULT_POLICY,
    partitions: 1,
    path: null,
    ...options,
  });
  opened.push(ledger);
  return ledger;
};
afterEach(async () => {
  for (const ledger of opened.splice(0)) await ledger.close();
});

const held = async (ledger: Ledger) =>
  (await ledger.feed({ limit: 100, after: null, movement: null, customer: null })).map(
    ({ sequence }) => sequence,
  );

describe('taking deltas in', () => {
  it('holds each once, however often and in whatever pieces it comes', async () => {
    const ledger = await open();
    await ledger.intake.take(0, [delta(0), delta(1)], 2);
    await ledger.intake.take(0, [delta(0), delta(1), delta(2)], 3);
    await ledger.intake.take(0, [delta(1)], 2);
    expect(await held(ledger)).toEqual([2, 1, 0]);
    expect(ledger.intake.position(0)).toEqual({
      nextOffset: 3,
      nextSequence: 3,
      asOf: null,
      inputOffset: null,
    });
  });

  it('refuses a gap and holds nothing of what came with it', async () => {
    const ledger = await open();
    await ledger.intake.take(0, [delta(0)], 1);
    await expect(ledger.intake.take(0, [delta(1), delta(3)], 4)).rejects.toMatchObject({
      code: 'ledger_gap',
      message: expect.stringContaining('sequence 3 where 2 was to come'),
    });
    expect(await held(ledger)).toEqual([0]);
    await ledger.intake.take(0, [delta(1), delta(2)], 3);
    expect(await held(ledger)).toEqual([2, 1, 0]);
  });

  it('refuses what is of another partition or another currency', async () => {
    const ledger = await open();
    const taking = (one: Delta) => ledger.intake.take(0, [one], 1);
    await expect(taking(delta(0, { deltaId: '1:7:0' }))).rejects.toMatchObject({
      code: 'output_unreadable',
    });
    await expect(taking(delta(0, { currency: 'EUR' }))).rejects.toMatchObject({
      code: 'policy_changed',
    });
    expect(await held(ledger)).toEqual([]);
  });

  it('is complete up to an instant once it holds every delta before it', async () => {
    const { intake } = await open({ partitions: 2 });
    intake.complete(0, { asOf: 5_000, nextSequence: 2 });
    intake.complete(1, { asOf: 4_000, nextSequence: 0 });
    expect(intake.asOf()).toBeNull();
    await intake.take(0, [delta(0)], 1);
    expect(intake.asOf()).toBeNull();
    await intake.take(0, [delta(1)], 2);
    expect(intake.asOf()).toBe(4_000);
    intake.complete(1, { asOf: 9_000, nextSequence: 0 });
    intake.complete(0, { asOf: 3_000, nextSequence: 2 });
    expect(intake.asOf()).toBe(5_000);
  });

  it('knows how far the input is in it once it holds those deltas, also at the same instant', async () => {
    const { intake } = await open();
    const inputOffset = (): number | null => intake.position(0).inputOffset;
    intake.complete(0, { asOf: 5_000, nextSequence: 1, inputOffset: 10 });
    expect(inputOffset()).toBeNull();
    await intake.take(0, [delta(0)], 1);
    expect(inputOffset()).toBe(10);
    intake.complete(0, { asOf: 5_000, nextSequence: 1, inputOffset: 12 });
    expect(inputOffset()).toBe(12);
    intake.complete(0, { asOf: 4_000, nextSequence: 1, inputOffset: 11 });
    expect(inputOffset()).toBe(12);
  });

  it('goes on from its file, with the customers and the completeness it had', async () => {
    const path = join(folder, 'resumed.duckdb');
    const first = await open({ path });
    await first.intake.take(0, [delta(0), delta(1)], 2);
    first.intake.complete(0, { asOf: 7_000, nextSequence: 2 });
    await first.close();
    opened.splice(0);
    const again = await open({ path });
    expect(again.intake.position(0)).toEqual({
      nextOffset: 2,
      nextSequence: 2,
      asOf: 7_000,
      inputOffset: null,
    });
    expect([again.intake.size, again.intake.customers]).toEqual([2, 2]);
    expect(again.intake.firstEffectiveAt).toBe(1_000);
    await again.intake.take(0, [delta(1), delta(2, { customerId: customerId('c0') })], 3);
    expect(again.intake.customers).toBe(2);
    expect(await held(again)).toEqual([2, 1, 0]);
  });

  it('groups by a dimension that the policy names later, from the attributes it holds', async () => {
    const path = join(folder, 'dimensions.duckdb');
    const policyBy = (name: string) => ({ ...DEFAULT_POLICY, dimensions: [{ name, cap: 5 }] });
    const first = await open({ path, policy: policyBy('segment') });
    const { customerId: whose } = delta(0);
    const said = (sequence: number, region: string): Delta => ({
      ...delta(sequence, { customerId: whose }),
      type: 'customer_classified',
      name: null,
      attributes: { segment: 'smb', region },
    });
    await first.intake.take(0, [delta(0), said(1, 'north')], 2);
    await first.intake.take(0, [said(2, 'south')], 3);
    await first.close();
    opened.splice(0);
    const again = await open({ path, policy: policyBy('region') });
    const membersAt = async (asOf: number, knownAt: number | null = null) => {
      const definition = DEFINITIONS.point_to_point;
      const asked = { window: 'P1M', definition, dimension: 'region', knownAt };
      return (await again.retention({ ...asked, asOf })).map(({ member }) => member);
    };
    expect([await membersAt(1_001), await membersAt(1_002)]).toEqual([['north'], ['south']]);
    await again.intake.take(0, [{ ...said(3, 'east'), knownAt: instant(1_001) }], 4);
    expect([await membersAt(1_002), await membersAt(1_003)]).toEqual([['south'], ['east']]);
    expect(await membersAt(1_003, 1_001)).toEqual(['east']);
  });

  it('closes once every question is answered', async () => {
    const ledger = await open();
    await ledger.intake.take(0, [delta(0)], 1);
    const asked = Array.from({ length: 20 }, () => held(ledger));
    opened.splice(0);
    await ledger.close();
    expect(await Promise.all(asked)).toEqual(asked.map(() => [0]));
  });

  it('refuses a file in another currency', async () => {
    const path = join(folder, 'currency.duckdb');
    await (await open({ path })).close();
    opened.splice(0);
    const policy = { ...DEFAULT_POLICY, reportingCurrency: 'EUR' };
    await expect(open({ path, policy })).rejects.toMatchObject({ code: 'policy_changed' });
    rmSync(folder, { recursive: true });
  });
});

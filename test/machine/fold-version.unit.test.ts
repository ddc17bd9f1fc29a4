/**
 * What this version of the fold makes of a fixed stream, as a digest: a change of the fold that
 * nobody called one would mix two versions in one generation.
 */

import { createHash } from 'node:crypto';
import { FOLD_VERSION } from '@holdfast/domain/fold-version.ts';
import { sumAt } from '@holdfast/replay/audit/figures.ts';
import { foldFromScratch } from '@holdfast/replay/audit/scratch.ts';
import { seeded } from '@holdfast/simulation/random.ts';
import { rulesOf, truth } from '@holdfast/testkit/faults/truth.ts';
import { POLICIES, workload } from '@holdfast/testkit/faults/workload.ts';
import { expect, it } from 'vitest';

const RECORDS = 2_000;
const FROM = Date.UTC(2026, 0, 15);
const HOUR_MS = 3_600_000;

async function digest(): Promise<string> {
  const hash = createHash('sha256');
  for (const policy of POLICIES) {
    const { machine } = truth({ partitions: 1, policy, storeNow: () => FROM });
    const { next } = workload(seeded(1));
    const said = (...one: readonly unknown[]): void => void hash.update(JSON.stringify(one));
    const scratch = foldFromScratch(machine, 0, said);
    for (let offset = 0; offset < RECORDS; offset += 1) {
      const now = FROM + offset * HOUR_MS;
      const folded = await scratch.fold({ offset, ...next(0, now) }, now, false);
      said(folded.result, folded.rejected?.rejected ?? null);
    }
    const asOf = FROM + RECORDS * HOUR_MS;
    const sum = sumAt(rulesOf(policy), asOf);
    scratch.settle(asOf, sum.add);
    const { aggregates, largestLosses, firstDue } = sum.figures();
    said([...aggregates].sort(), [...largestLosses].sort(), firstDue);
  }
  return hash.digest('hex');
}

it('gives what it gave: where this differs, raise FOLD_VERSION, unless the workload differs', async () => {
  expect([FOLD_VERSION, await digest()]).toEqual([
    1,
    'a5fba0edca7f168759c92be65f3784d553061186341c67e0d39c8a2a05952fa2',
  ]);
});

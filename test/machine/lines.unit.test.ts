/** Lines at the borders of what is accepted, through the reader and the door of the fold. */

import { jsonChangeCodec } from '@holdfast/contracts/json-change.ts';
import { jsonDeltaCodec } from '@holdfast/contracts/json-delta.ts';
import { admit } from '@holdfast/domain/admit.ts';
import { isRejection } from '@holdfast/domain/rejection.ts';
import { compileRules } from '@holdfast/domain/rules.ts';
import type { Machine } from '@holdfast/pipeline/partition.ts';
import { readChange } from '@holdfast/pipeline/read-change.ts';
import { describe, expect, it } from 'vitest';
import { BAD_LINES, GOOD_LINES, LINE_NOW, LINE_POLICY, type Line } from '../streams/lines.ts';

const rules = compileRules(LINE_POLICY);
const machine: Machine = {
  rules,
  changes: jsonChangeCodec,
  deltas: jsonDeltaCodec,
  topic: 'subscription-changes',
  generation: 'g1',
  partitionFor: () => 0,
};

const bytes = (text: string): Uint8Array => Buffer.from(text);

/** Why the line is dead-lettered, with its message; null: it is taken. */
async function refusalOf({ text, key }: Line): Promise<readonly [string, string] | null> {
  const record = {
    offset: 0,
    timestamp: 0,
    key: key === null ? null : bytes(key),
    value: bytes(text),
  };
  const change = await readChange(machine, 0, record);
  const taken = isRejection(change) ? change : admit(rules, change, LINE_NOW);
  return isRejection(taken) ? [taken.rejected, taken.message] : null;
}

const named = (lines: readonly Line[]) =>
  lines.map((line) => [line.reason, line.fault.slice(0, 100), line] as const);

describe('a line at the border of what is accepted', () => {
  it.each(named(BAD_LINES))('is refused as %s: %s', async (reason, _, line) => {
    const refusal = await refusalOf(line);
    expect(refusal?.[0]).toBe(reason);
    // On one line, and short whatever was given: it goes into a header and to a terminal.
    expect(refusal?.[1]).toMatch(/^[^\n]{10,400}$/);
  });

  it.each(named(GOOD_LINES))('is taken %s: %s', async (_reason, _fault, line) => {
    expect(await refusalOf(line)).toBeNull();
  });
});

/** A batch larger than a commit may be is folded in parts, none of it lost or twice. */

import { describe, expect, it } from 'vitest';
import type { InputRecord } from './ports.ts';
import { splitBatch } from './worker.ts';

const record = (offset: number): InputRecord => ({ offset, timestamp: 0, key: null, value: null });

/** Offsets 3, 4, 6 and 9: between them lie control records. */
const batch = { records: [3, 4, 6, 9].map(record), nextOffset: 11, endOffset: 20 };

describe('a batch', () => {
  it('that is small enough stays whole', () => {
    expect(splitBatch(batch, 4)).toEqual([batch, null]);
  });

  it('is split so that the rest begins where the first part ends', () => {
    const [first, rest] = splitBatch(batch, 3);
    expect(first).toEqual({ ...batch, records: [3, 4, 6].map(record), nextOffset: 9 });
    expect(rest).toEqual({ ...batch, records: [record(9)] });
  });
});

import fc from 'fast-check';
import { test } from 'vitest';
import { rowOf } from './rows.fixture.ts';
import { waterfallOf } from './waterfall.ts';

test('bars add up to the cent, whatever the parts are', () => {
  const amount = fc.integer({ min: 0, max: 10 ** 12 });
  fc.assert(
    fc.property(amount, amount, amount, amount, (kept, churned, contraction, expansion) => {
      const row = rowOf(kept + churned + contraction, churned, contraction, expansion);
      const waterfall = waterfallOf(row, 'point_to_point');
      if (waterfall === null) return row.opening_arr_minor === 0;
      const parts = waterfall.bars.filter(({ name }) => !/Opening|Closing|Change/.test(name));
      const sum = parts.reduce((total, bar) => total + bar.amount, 0);
      const last = waterfall.bars.at(-1);
      const end = waterfall.mode === 'whole' ? row.closing_arr_minor : sum;
      return (
        sum === (row.closing_arr_minor ?? 0) - (row.opening_arr_minor ?? 0) &&
        last?.to === end &&
        parts.every((bar, index) => index === 0 || bar.from === parts[index - 1]?.to)
      );
    }),
  );
});

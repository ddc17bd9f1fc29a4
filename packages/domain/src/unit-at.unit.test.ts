import { expect, it } from 'vitest';
import { unitAt } from './unit-at.ts';

it.each(['a', 'é€', '\u{1d11e}', '\ud800', ''])('every unit of %j is what it is', (text) => {
  for (let index = -1; index <= text.length; index += 1) {
    expect(unitAt(text, index)).toBe(text.charCodeAt(index));
  }
});

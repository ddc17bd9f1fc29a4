import { expect, it } from 'vitest';
import { DEFINITIONS } from './by-name.ts';
import { DEFINITION_NAMES } from './definition.ts';

it('every definition stands under its own name', () => {
  const names = Object.entries(DEFINITIONS).map(([name, definition]) => [name, definition.name]);
  expect(names).toEqual(DEFINITION_NAMES.map((name) => [name, name]));
});

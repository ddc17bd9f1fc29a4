import { expect, it } from 'vitest';
import { nearest } from './nearest.ts';

it('names the closest known name, and none when all are far', () => {
  const known = ['windows', 'rates', 'name', 'cap', 'HOLDFAST_REDIS_URL'];
  expect(nearest('window', known)).toBe('windows');
  expect(nearest('nmae', known)).toBe('name');
  expect(nearest('holdfast_redis_url', known)).toBe('HOLDFAST_REDIS_URL');
  expect(nearest('colour', known)).toBeUndefined();
  expect(nearest('x', [])).toBeUndefined();
});

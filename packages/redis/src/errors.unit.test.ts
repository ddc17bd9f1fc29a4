import { HoldfastError } from '@holdfast/domain/errors.ts';
import { expect, test } from 'vitest';
import { storeError } from './errors.ts';

const reply = (message: string): Error => Object.assign(new Error(message), { name: 'ReplyError' });

test.each([
  ['READONLY You can not write against a read only replica.', 'store_unavailable'],
  ['LOADING Redis is loading the dataset in memory', 'store_unavailable'],
  ['MASTERDOWN Link with MASTER is down', 'store_unavailable'],
  ['CLUSTERDOWN The cluster is down', 'store_unavailable'],
  ['MISCONF Redis is configured to save RDB snapshots', 'store_unavailable'],
  ['BUSY Redis is busy running a script.', 'store_unavailable'],
  ['NOAUTH Authentication required.', 'store_refused'],
  ['WRONGPASS invalid username-password pair', 'store_refused'],
  ['NOPERM this user has no permissions', 'store_refused'],
  ['OOM command not allowed', 'store_refused'],
  ['ERR unknown command', 'store_refused'],
  ['HOLDFAST due is NaN', 'store_refused'],
  ['WRONGTYPE Operation against a key', 'store_corrupt'],
  ['CORRUPT the value of a is missing', 'store_corrupt'],
])('"%s" of Redis is %s', (message, code) => {
  const error = storeError(reply(message), null);
  expect(error.code).toBe(code);
  expect(error.message).toContain(message);
});

test('the place inside a script is left out of the message', () => {
  const place = ` script: ${'a'.repeat(40)}, on @user_script:217.`;
  expect(storeError(reply(`OOM no more memory${place}`), null).message).toMatch(/no more memory$/);
});

test('trouble with the connection says what the connection last failed with', () => {
  const error = storeError(new Error('Reached the max retries'), 'connect ECONNREFUSED');
  expect(error.code).toBe('store_unavailable');
  expect(error.message).toContain('ECONNREFUSED');
});

test('an error of the closed list stays what it is', () => {
  const error = new HoldfastError('store_corrupt', 'as it was');
  expect(storeError(error, null)).toBe(error);
});

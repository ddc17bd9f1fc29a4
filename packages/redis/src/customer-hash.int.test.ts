import { describeWithServices } from '@holdfast/testkit/services.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { customerHash } from './buckets.ts';
import { openRedis } from './connection.ts';
import { pack, unpack } from './pack.ts';
import { bytes } from './reply.ts';
import { scriptOf } from './scripts.ts';

describeWithServices('the hash of a customer', (services) => {
  test('Lua and TypeScript agree on it, whatever the id', async () => {
    const script = scriptOf(
      'hashes',
      0,
      `--- @include customer-hash
      local hashes = {}
      for at, id in ipairs(cmsgpack.unpack(ARGV[1])) do
        hashes[at] = string.format('%d', customer_hash(id))
      end
      return cmsgpack.pack(hashes)`,
    );
    const redis = openRedis({ urls: [services().redisUrl], mode: 'single' });
    const ids = fc.array(
      fc.oneof(
        fc.string({ maxLength: 40 }),
        fc.string({ unit: 'grapheme', maxLength: 70 }),
        fc.string({ unit: 'binary-ascii', maxLength: 300 }),
      ),
      { minLength: 50, maxLength: 50 },
    );
    await fc.assert(
      fc.asyncProperty(ids, async (each) => {
        const answer = unpack(bytes(await redis.run(script, [], [pack(each)])));
        expect(answer).toEqual(each.map((id) => String(customerHash(id))));
      }),
    );
    redis.close();
  });
});

-- Whole buckets whose due is not after an instant, by due.
--
-- KEYS  1 due  2 large  3 prefix of the buckets
-- ARGV  1 instant (ms)  2 buckets to leave out  3 most buckets
-- Returns a packed list: bucket, list of (id, value); repeated.

--- @include large-value
--- @include bucket-rows

local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', ARGV[2], ARGV[3])
local groups = {}
for each = 1, #due do
  groups[2 * each - 1] = due[each]
  groups[2 * each] = bucket_rows(KEYS[2], KEYS[3] .. due[each])
end
return cmsgpack.pack(groups)

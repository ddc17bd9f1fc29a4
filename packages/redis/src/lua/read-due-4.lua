-- Whole buckets whose due is not after an instant, by due.
--
-- KEYS  1 meta  2 due  3 large  4 prefix of the buckets
-- ARGV  1 epoch  2 claim  3 run id  4 instant (ms)  5 buckets to leave out  6 most buckets
-- Returns { READ, packed list: bucket, list of (id, value); repeated }; { FENCED } or { RECLAIM } if
-- the claim is broken, for what a later owner wrote lies in the future of whom it fenced.

--- @include arguments
--- @include claim-stands
--- @include large-value
--- @include bucket-rows

local broken = claim_broken(KEYS[1], whole(ARGV[1], 'epoch'), ARGV[2], ARGV[3])
if broken then return { broken } end
local due = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[4], 'LIMIT', ARGV[5], ARGV[6])
local groups = {}
for each = 1, #due do
  groups[2 * each - 1] = due[each]
  groups[2 * each] = bucket_rows(KEYS[3], KEYS[4] .. due[each])
end
return { 'READ', cmsgpack.pack(groups) }

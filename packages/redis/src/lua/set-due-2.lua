-- Sets the due of buckets exactly.
--
-- KEYS  1 meta  2 due
-- ARGV  1 epoch  2 claim  3 run id  4 number of the last commit
--       5 packed list of two lists: (due, bucket), bucket without due
-- Returns { SET, least due or nothing }. Where the claim is broken, or another commit has come since,
-- nothing is changed and the answer is FENCED or RECLAIM instead of SET: a call that comes late must
-- not raise what that commit lowered.

--- @include arguments
--- @include claim-stands
--- @include least-due

if #KEYS ~= 2 or #ARGV ~= 5 then refuse(#KEYS .. ' keys and ' .. #ARGV .. ' arguments') end
local broken, discarding = claim_broken(KEYS[1], whole(ARGV[1], 'epoch'), ARGV[2], ARGV[3])
if broken then return { broken, least_due(KEYS[2]) } end
local stored = redis.call('HMGET', KEYS[1], 'number', 'buckets')
if discarding or stored_whole(stored[1], 'number') ~= whole(ARGV[4], 'number') then
  return { 'RECLAIM', least_due(KEYS[2]) }
end
local buckets = stored_whole(stored[2], 'buckets')
local set, removed = unpack(cmsgpack.unpack(ARGV[5]))
buckets_below(buckets, set, 2, 'due set')
buckets_below(buckets, removed, 1, 'due removed')
redis.call('ZCARD', KEYS[2])
permitted({ 'ZADD', KEYS[2], '0', 'm' }, { 'ZREM', KEYS[2], 'm' })
in_slices(set, 'ZADD', KEYS[2])
in_slices(removed, 'ZREM', KEYS[2])
return { 'SET', least_due(KEYS[2]) }

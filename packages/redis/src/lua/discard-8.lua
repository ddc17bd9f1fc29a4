-- Forgets the partition's state but not its epoch, in steps that each end soon. The first step
-- empties all but the buckets and marks the partition; while the mark stands nothing is committed
-- and a claim goes on discarding, so that a crash between two steps does no harm.
--
-- KEYS  1 meta  2 aggregates  3 counters  4 due  5 outbox  6 large  7 losses  8 prefix of the buckets
-- ARGV  1 epoch  2 claim  3 run id  4 number of the last commit  5 most buckets to remove
-- Returns MORE or DONE; FENCED or RECLAIM if the claim is broken; RECLAIM as well after another
-- commit, which a call that comes late must not destroy.

--- @include arguments
--- @include claim-stands
--- @include empty-meta

local call = redis.call
if #KEYS ~= 8 or #ARGV ~= 5 then refuse(#KEYS .. ' keys and ' .. #ARGV .. ' arguments') end
local broken, discarding = claim_broken(KEYS[1], whole(ARGV[1], 'epoch'), ARGV[2], ARGV[3])
if broken then return broken end
local most = whole(ARGV[5], 'most buckets')
local stored = call('HMGET', KEYS[1], 'number', 'buckets')
local buckets = stored_whole(stored[2], 'buckets')
local number = stored_whole(stored[1], 'number')
-- Nothing was committed, so nothing is there: this is the last step sent again.
if not discarding and number == 0 then return 'DONE' end
if not discarding and number ~= whole(ARGV[4], 'number') then return 'RECLAIM' end
permitted({ 'HSET', KEYS[1], 'f', 'v' }, { 'UNLINK', KEYS[2] }, { 'UNLINK', KEYS[8] .. '0' })
if not discarding then
  call('HSET', KEYS[1], 'discarding', '1', unpack(EMPTY_META))
  call('UNLINK', unpack(KEYS, 2, 7))
end
local rest = math.max(0, buckets - most)
for bucket = rest, buckets - 1 do call('UNLINK', KEYS[8] .. bucket) end
if rest > 0 then
  call('HSET', KEYS[1], 'buckets', rest)
  return 'MORE'
end
call('HSET', KEYS[1], 'buckets', '1', 'customers', '0', 'discarding', '0')
return 'DONE'

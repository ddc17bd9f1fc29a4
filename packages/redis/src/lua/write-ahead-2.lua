-- Writes one chunk of the outbox entry of the next commit. It counts once that commit happened;
-- one that never does leaves it to be overwritten or removed.
--
-- KEYS  1 meta  2 outbox
-- ARGV  1 epoch  2 claim  3 run id  4 number of the commit  5 its id  6 index of the chunk  7 the chunk
-- Returns AHEAD, or ALREADY, FENCED, RECLAIM as the commit itself would.

--- @include arguments
--- @include claim-stands

if #KEYS ~= 2 or #ARGV ~= 7 then refuse(#KEYS .. ' keys and ' .. #ARGV .. ' arguments') end
local number = whole(ARGV[4], 'number')
local broken, discarding = claim_broken(KEYS[1], whole(ARGV[1], 'epoch'), ARGV[2], ARGV[3])
if broken then return broken end
local stored = redis.call('HMGET', KEYS[1], 'number', 'id')
local stored_number = stored_whole(stored[1], 'number')
if stored_number == number and stored[2] == ARGV[5] then return 'ALREADY' end
if stored_number ~= number - 1 or discarding then return 'RECLAIM' end
whole(ARGV[6], 'chunk')
redis.call('HSET', KEYS[2], ARGV[4] .. '/' .. ARGV[6], ARGV[7])
return 'AHEAD'

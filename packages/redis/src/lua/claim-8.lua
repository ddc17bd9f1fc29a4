-- Claims the partition: one epoch on, and whoever claimed before is fenced.
--
-- KEYS  1 meta  2 aggregates  3 counters  4 due  5 outbox  6 large  7 losses  8 prefix of the buckets
-- ARGV  1 format of the stored state  2 policy hash  3 simulated clock (0 or 1)
--       4 claim: random, so that two claims of one epoch are told apart after a lost one
-- Returns { CLAIMED, meta, aggregates, counters, outbox, least due or nothing }, each hash as a flat
-- list; { FORMAT, stored format } or { POLICY, stored hash } with nothing changed. The same claim
-- sent again changes nothing either, so that a resend never fences its own sender.

--- @include arguments
--- @include claim-stands
--- @include empty-meta
--- @include least-due

local call = redis.call
if #KEYS ~= 8 or #ARGV ~= 4 then refuse(#KEYS .. ' keys and ' .. #ARGV .. ' arguments') end
local META, OUTBOX = KEYS[1], KEYS[5]
local stored = call('HMGET', META, 'format', 'policy_hash', 'epoch', 'number', 'published_commit',
  'claim', 'run_id')
local is_new = call('EXISTS', META) == 0
if not is_new then
  if stored[1] ~= ARGV[1] then return { 'FORMAT', stored[1] } end
  if stored[2] ~= ARGV[2] then return { 'POLICY', stored[2] } end
end
local epoch = is_new and 0 or stored_whole(stored[3], 'epoch')
local number = is_new and 0 or stored_whole(stored[4], 'number')
local published = is_new and 0 or stored_whole(stored[5], 'published commit')
local process = run_id()
if not process then refuse('INFO names no run id, so that a failover could not be seen') end
call('HLEN', KEYS[2])
call('HLEN', KEYS[3])
call('ZCARD', KEYS[4])
call('HLEN', OUTBOX)
call('HLEN', KEYS[6])
call('ZCARD', KEYS[7])
permitted({ 'HSET', META, 'f', 'v' }, { 'HDEL', OUTBOX, 'f' })

if is_new then
  call('HSET', META, 'format', ARGV[1], 'policy_hash', ARGV[2], 'buckets', '1', 'customers', '0',
    'discarding', '0', unpack(EMPTY_META))
end
if stored[6] ~= ARGV[4] or stored[7] ~= process then
  call('HSET', META, 'epoch', epoch + 1, 'claim', ARGV[4], 'run_id', process,
    'simulated', ARGV[3], 'caught_up', '0')
end

-- Entries that are published, and chunks of a commit that never happened.
local outdated = {}
for _, field in ipairs(call('HKEYS', OUTBOX)) do
  local of = tonumber(string.match(field, '^%d+'))
  if not of or of <= published or of > number then outdated[#outdated + 1] = field end
end
in_slices(outdated, 'HDEL', OUTBOX)

return { 'CLAIMED', call('HGETALL', META), call('HGETALL', KEYS[2]), call('HGETALL', KEYS[3]),
  call('HGETALL', OUTBOX), least_due(KEYS[4]) }

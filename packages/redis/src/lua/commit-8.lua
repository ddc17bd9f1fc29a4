-- One commit: all of it, or nothing. Every check stands before the first write.
--
-- KEYS  1 meta  2 aggregates  3 counters  4 due  5 outbox  6 large  7 losses  8 prefix of the buckets
-- ARGV
--    1 epoch  2 claim  3 run id            of the claim that this commit is made under
--    4 number  5 id                        of the commit
--    6 incarnation  7 next offset  8 as-of (ms)  9 next sequence  10 published commit
--   11 delta offset  12 dead-letter offset  13 caught up (0 or 1)  14 input end
--   15 last record at (ms)
--   16 buckets before  17 buckets after
--   18 chunks of the outbox entry, or -1 for no entry
--   19 bytes of the entry that were written ahead; 0: chunk 0 is argument 20
--   20 the entry, or empty
--   21 packed list of eleven lists:
--        buckets       those that customers are written to
--        dues          for each of them the least due of those customers, or '' for none; lowers
--                      the bucket's after the splits
--        customers     for each of them a list of (id, value); a large value is '' here
--        large         (id, value) of large values
--        due set       (due, bucket), before a split copies it
--        due removed   bucket
--        aggregates    (key, value)
--        aggregates removed   key
--        counters      (name, value)
--        losses        member, see loss-member.ts
--        losses removed       member
-- Returns { answer, buckets, customers, least due or nothing }; the answer is one of
--   APPLIED  number is stored + 1 and everything is written
--   ALREADY  number and id are stored
--   FENCED   a later epoch owns the partition
--   RECLAIM  the store is not the one, or not at the place, that this claim knows
--   CLOCK    the as-of is more than a second beyond this server's time
-- Raises HOLDFAST for wrong arguments.

--- @include arguments
--- @include claim-stands
--- @include customer-hash
--- @include least-due

local CLOCK_AHEAD_MS = 1000

local call = redis.call
if #KEYS ~= 8 or #ARGV ~= 21 then refuse(#KEYS .. ' keys and ' .. #ARGV .. ' arguments') end
local META, AGGREGATES, COUNTERS, DUE, OUTBOX, LARGE, LOSSES, BUCKETS = unpack(KEYS)

local epoch = whole(ARGV[1], 'epoch')
local number = whole(ARGV[4], 'number')
local id = ARGV[5]

-- Whose partition is it, and where does it stand?

local broken, discarding = claim_broken(META, epoch, ARGV[2], ARGV[3])
if broken then return { broken } end
local stored = call('HMGET', META, 'number', 'id', 'buckets', 'customers', 'as_of', 'next_offset',
  'next_sequence', 'published_commit', 'simulated')
local stored_number = stored_whole(stored[1], 'number')
local buckets = stored_whole(stored[3], 'buckets')
local customers = stored_whole(stored[4], 'customers')
if stored_number == number and stored[2] == id then
  return { 'ALREADY', stored[3], stored[4], least_due(DUE) }
end
-- A number that is not the next one, or another commit under mine: what this owner remembers is
-- not what is stored, whichever way it came about. To claim again is safe both ways.
local before = whole(ARGV[16], 'buckets before')
local after = whole(ARGV[17], 'buckets after')
if stored_number ~= number - 1 or before ~= buckets or discarding then
  return { 'RECLAIM' }
end

local as_of = whole(ARGV[8], 'as-of')
if stored[9] ~= '1' then
  local time = call('TIME')
  if as_of > time[1] * 1000 + math.floor(time[2] / 1000) + CLOCK_AHEAD_MS then
    return { 'CLOCK' }
  end
end

-- Ranges.

local published = whole(ARGV[10], 'published commit')
if as_of < stored_whole(stored[5], 'as-of') then refuse('as-of goes back') end
if whole(ARGV[7], 'next offset') < stored_whole(stored[6], 'next offset') then
  refuse('next offset goes back')
end
if whole(ARGV[9], 'next sequence') < stored_whole(stored[7], 'next sequence') then
  refuse('next sequence goes back')
end
if published < stored_whole(stored[8], 'published commit') or published > number then
  refuse('published commit is ' .. published)
end
whole(ARGV[11], 'delta offset')
whole(ARGV[12], 'dead-letter offset')
if ARGV[13] ~= '0' and ARGV[13] ~= '1' then refuse('caught up is ' .. ARGV[13]) end
whole(ARGV[14], 'input end')
whole(ARGV[15], 'last record at')
if after < before then refuse('buckets after is ' .. after) end

-- Rows.

local rows = cmsgpack.unpack(ARGV[21])
if type(rows) ~= 'table' or #rows ~= 11 then refuse('rows are no list of eleven') end
local written, dues, customer_lists, large, due_set, due_removed, aggregates,
  aggregates_removed, counters, losses, losses_removed = unpack(rows)
buckets_below(after, written, 1, 'customers')
strings(dues, 1, 'dues')
if #dues ~= #written or type(customer_lists) ~= 'table' or #customer_lists ~= #written then
  refuse('customers are not as many lists as buckets')
end
local due_lowered = {}
for at = 1, #written do
  strings(customer_lists[at], 2, 'customers')
  if #customer_lists[at] > SLICE then refuse('customers of one bucket are too many') end
  if dues[at] ~= '' then
    due_lowered[#due_lowered + 1] = dues[at]
    due_lowered[#due_lowered + 1] = written[at]
  end
end
numbers(due_lowered, 2, 'dues')
strings(large, 2, 'large')
buckets_below(before, due_set, 2, 'due set')
buckets_below(before, due_removed, 1, 'due removed')
strings(aggregates, 2, 'aggregates')
strings(aggregates_removed, 1, 'aggregates removed')
strings(counters, 2, 'counters')
for at = 2, #counters, 2 do
  local value = tonumber(counters[at])
  if not value or value ~= value or math.abs(value) == math.huge then
    refuse('counter is ' .. counters[at])
  end
end
strings(losses, 1, 'losses')
strings(losses_removed, 1, 'losses removed')
local losses_added = {}
for at = 1, #losses do
  local digits = string.match(losses[at], '^[^/]+/(%d+)/')
  -- Texts of one length compare as their numbers do; 0 is no loss.
  if not digits or #digits ~= 16 or tonumber(digits) == 0 or digits > '9007199254740991' then
    refuse('loss is ' .. losses[at])
  end
  losses_added[2 * at - 1], losses_added[2 * at] = '0', losses[at]
end

-- The outbox entry.

local chunks, ahead = ARGV[18], ARGV[19]
if chunks ~= '-1' then
  whole(chunks, 'chunks')
  if whole(ahead, 'bytes ahead') > 0 then
    local bytes = 0
    for chunk = 0, chunks - 1 do bytes = bytes + call('HSTRLEN', OUTBOX, ARGV[4] .. '/' .. chunk) end
    if bytes ~= tonumber(ahead) then refuse(bytes .. ' of ' .. ahead .. ' bytes were written ahead') end
  elseif chunks ~= '1' then
    refuse('chunks is ' .. chunks)
  end
end
-- Fields of entries that are published, or of a commit that never happened. Those of this number
-- stay if the entry counts them.
local outdated = {}
for _, field in ipairs(call('HKEYS', OUTBOX)) do
  local of, chunk = string.match(field, '^(%d+)/?(%d*)$')
  of, chunk = tonumber(of), tonumber(chunk)
  if not of or of <= published or of > number
    or (of == number and not (chunk and chunk < tonumber(chunks))) then
    outdated[#outdated + 1] = field
  end
end

-- Types of keys, which these commands raise on, and rights of the user.

local aggregate_count = call('HLEN', AGGREGATES)
call('HLEN', COUNTERS)
call('ZCARD', DUE)
call('ZCARD', LOSSES)
local large_count = call('HLEN', LARGE)
for at = 1, #written do call('HLEN', BUCKETS .. written[at]) end
for target = before, after - 1 do
  local source = target - level(target)
  if source < before then call('HLEN', BUCKETS .. source) end
  if call('EXISTS', BUCKETS .. target) == 1 then refuse('bucket ' .. target .. ' is there already') end
end
permitted({ 'HSET', META, 'f', 'v' }, { 'HSET', AGGREGATES, 'f', 'v' }, { 'HDEL', AGGREGATES, 'f' },
  { 'HSET', COUNTERS, 'f', 'v' }, { 'ZADD', DUE, '0', 'm' }, { 'ZREM', DUE, 'm' },
  { 'ZADD', LOSSES, '0', 'm' }, { 'ZREM', LOSSES, 'm' },
  { 'HSET', OUTBOX, 'f', 'v' }, { 'HDEL', OUTBOX, 'f' }, { 'HSET', LARGE, 'f', 'v' },
  { 'HDEL', LARGE, 'f' }, { 'HSET', BUCKETS .. '0', 'f', 'v' }, { 'HGETALL', BUCKETS .. '0' },
  { 'DEL', BUCKETS .. '0' }, { 'ZSCORE', DUE, 'm' })

-- From here on nothing may fail. The first write may enlarge memory, so that Redis refuses the
-- whole script when there is no more of it.

call('HSET', META, 'number', ARGV[4], 'id', id, 'incarnation', ARGV[6], 'next_offset', ARGV[7],
  'as_of', ARGV[8], 'next_sequence', ARGV[9], 'published_commit', ARGV[10],
  'delta_offset', ARGV[11], 'dead_letter_offset', ARGV[12], 'caught_up', ARGV[13],
  'input_end', ARGV[14], 'last_record_at', ARGV[15], 'buckets', ARGV[17])

in_slices(due_set, 'ZADD', DUE)
in_slices(due_removed, 'ZREM', DUE)

for target = before, after - 1 do
  local base = level(target)
  local source = target - base
  local all = call('HGETALL', BUCKETS .. source)
  local staying, moving = {}, {}
  for at = 1, #all, 2 do
    local list = staying
    if bit.band(customer_hash(all[at]), 2 * base - 1) == target then list = moving end
    list[#list + 1] = all[at]
    list[#list + 1] = all[at + 1]
  end
  if #moving > 0 then
    -- Written anew, not thinned out, so that a bucket that had outgrown its compact form gets it back.
    call('DEL', BUCKETS .. source)
    in_slices(staying, 'HSET', BUCKETS .. source)
    in_slices(moving, 'HSET', BUCKETS .. target)
    local due = call('ZSCORE', DUE, source)
    if due then call('ZADD', DUE, due, target) end
  end
end

local shrunk = {}
for at = 1, #written do
  local list = customer_lists[at]
  customers = customers + call('HSET', BUCKETS .. written[at], unpack(list))
  if large_count > 0 then
    for each = 1, #list, 2 do
      if list[each + 1] ~= '' then shrunk[#shrunk + 1] = list[each] end
    end
  end
end
in_slices(shrunk, 'HDEL', LARGE)
in_slices(large, 'HSET', LARGE)
in_slices(due_lowered, 'ZADD', DUE, 'LT')

in_slices(aggregates, 'HSET', AGGREGATES)
if aggregate_count > 0 then in_slices(aggregates_removed, 'HDEL', AGGREGATES) end
in_slices(counters, 'HSET', COUNTERS)
in_slices(losses_removed, 'ZREM', LOSSES)
in_slices(losses_added, 'ZADD', LOSSES)

in_slices(outdated, 'HDEL', OUTBOX)
if chunks ~= '-1' then
  call('HSET', OUTBOX, ARGV[4], chunks)
  if ahead == '0' then call('HSET', OUTBOX, ARGV[4] .. '/0', ARGV[20]) end
end

call('HSET', META, 'customers', customers)
return { 'APPLIED', ARGV[17], tostring(customers), least_due(DUE) }

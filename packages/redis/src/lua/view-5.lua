-- One consistent look at a partition for the exporter. Reads a few hundred rows, never customers.
--
-- KEYS  1 meta  2 aggregates  3 counters  4 due  5 losses
-- Returns { meta, aggregates, counters, least due or nothing, greatest loss of each window }, each
-- hash as a flat list; meta is empty where the partition was never claimed.

--- @include least-due

local call = redis.call
-- The last member is the greatest loss of one window, the last one before that window's of another.
local greatest, below = {}, '+'
while true do
  local last = call('ZREVRANGEBYLEX', KEYS[5], below, '-', 'LIMIT', 0, 1)[1]
  if not last then break end
  greatest[#greatest + 1] = last
  below = '(' .. string.match(last, '^[^/]*/')
end
return { call('HGETALL', KEYS[1]), call('HGETALL', KEYS[2]), call('HGETALL', KEYS[3]),
  least_due(KEYS[4]) or false, greatest }

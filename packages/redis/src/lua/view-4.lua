-- One consistent look at a partition for the exporter. Reads a few hundred rows, never customers.
--
-- KEYS  1 meta  2 aggregates  3 counters  4 due
-- Returns { meta, aggregates, counters, least due or nothing }, each hash as a flat list; meta is
-- empty where the partition was never claimed.

--- @include least-due

local call = redis.call
return { call('HGETALL', KEYS[1]), call('HGETALL', KEYS[2]), call('HGETALL', KEYS[3]),
  least_due(KEYS[4]) }

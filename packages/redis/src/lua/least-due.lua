-- Included. The least due of all buckets, as a text; nil where none has one.
local function least_due(due)
  return redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')[2]
end

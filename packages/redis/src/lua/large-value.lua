-- Included. The value of a customer whose place in its bucket is empty.
local function large_value(large, id)
  return redis.call('HGET', large, id) or error({ err = 'CORRUPT the value of ' .. id .. ' is missing' })
end

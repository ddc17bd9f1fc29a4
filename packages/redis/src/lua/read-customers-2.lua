-- Values of customers by their ids.
--
-- KEYS  1 large  2 prefix of the buckets
-- ARGV  1 packed list of two lists: buckets, and for each of them a list of ids
-- Returns a packed list of values in the order asked, nothing for a customer that is not there.

--- @include large-value

local call = redis.call
local buckets, lists = unpack(cmsgpack.unpack(ARGV[1]))
local values, count = {}, 0
for at = 1, #buckets do
  local ids = lists[at]
  local found = call('HMGET', KEYS[2] .. buckets[at], unpack(ids))
  for each = 1, #ids do
    count = count + 1
    values[count] = found[each] == '' and large_value(KEYS[1], ids[each]) or found[each]
  end
end
return cmsgpack.pack(values)

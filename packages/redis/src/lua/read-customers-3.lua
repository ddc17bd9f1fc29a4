-- Values of customers by their ids.
--
-- KEYS  1 meta  2 large  3 prefix of the buckets
-- ARGV  1 epoch  2 claim  3 run id
--       4 packed list of two lists: buckets, and for each of them a list of ids
-- Returns { READ, packed list of values in the order asked, nothing for a customer that is not
-- there }; { FENCED } or { RECLAIM } if the claim is broken.

--- @include arguments
--- @include claim-stands
--- @include large-value

local call = redis.call
local broken = claim_broken(KEYS[1], whole(ARGV[1], 'epoch'), ARGV[2], ARGV[3])
if broken then return { broken } end
local buckets, lists = unpack(cmsgpack.unpack(ARGV[4]))
local values, count = {}, 0
for at = 1, #buckets do
  local ids = lists[at]
  local found = call('HMGET', KEYS[3] .. buckets[at], unpack(ids))
  for each = 1, #ids do
    count = count + 1
    values[count] = found[each] == '' and large_value(KEYS[2], ids[each]) or found[each]
  end
end
return { 'READ', cmsgpack.pack(values) }

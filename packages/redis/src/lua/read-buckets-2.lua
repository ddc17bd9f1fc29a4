-- All customers of a range of buckets.
--
-- KEYS  1 large  2 prefix of the buckets
-- ARGV  1 first bucket  2 the one after the last
-- Returns a packed list of lists of (id, value), one for each bucket.

--- @include large-value
--- @include bucket-rows

local groups = {}
for bucket = tonumber(ARGV[1]), tonumber(ARGV[2]) - 1 do
  groups[#groups + 1] = bucket_rows(KEYS[1], KEYS[2] .. bucket)
end
return cmsgpack.pack(groups)

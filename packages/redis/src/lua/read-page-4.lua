-- Some buckets of customers with their dues, and the boundary at which all of that holds: one look,
-- for a reader without a claim.
--
-- KEYS  1 meta  2 due  3 large  4 prefix of the buckets
-- ARGV  1 first bucket  2 most buckets
-- Returns { format, next offset, as-of, buckets, discarding, packed list of lists of (id, value) for
-- each bucket, then for each bucket its due or nothing }.

--- @include large-value
--- @include bucket-rows

local call = redis.call
local meta = call('HMGET', KEYS[1], 'format', 'next_offset', 'as_of', 'buckets', 'discarding')
local first = tonumber(ARGV[1])
local last = math.min(first + tonumber(ARGV[2]), tonumber(meta[4] or 0)) - 1
local groups, dues = {}, {}
for bucket = first, last do
  groups[#groups + 1] = bucket_rows(KEYS[3], KEYS[4] .. bucket)
  dues[#dues + 1] = call('ZSCORE', KEYS[2], bucket) or ''
end
meta[6] = cmsgpack.pack(groups)
meta[7] = dues
return meta

-- How many buckets and customers there are.
--
-- KEYS  1 meta
-- Returns { buckets, customers }.

return redis.call('HMGET', KEYS[1], 'buckets', 'customers')

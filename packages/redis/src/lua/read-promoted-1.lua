-- The generation that was promoted in a partition without deltas.
--
-- KEYS  1 promoted
-- Returns its name, or nothing.

return redis.call('GET', KEYS[1])

-- Remembers the generation that was promoted in a partition without deltas.
--
-- KEYS  1 promoted
-- ARGV  1 its name

redis.call('SET', KEYS[1], ARGV[1])
return 'SET'

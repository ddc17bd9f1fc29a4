-- What is known to be published of a partition, for the exporter, in one consistent look.
--
-- KEYS  1 meta  2 outbox
-- ARGV  1 most bytes of each entry
-- Returns { meta as a flat list, the first bytes of each entry of the outbox, by commit }; meta is
-- empty where the partition was never claimed.

local call = redis.call
local numbers = {}
for _, field in ipairs(call('HKEYS', KEYS[2])) do
  -- Chunks stand under `n/0`, `n/1` ...; they count once the field `n` is there.
  if string.find(field, '^%d+$') then numbers[#numbers + 1] = tonumber(field) end
end
table.sort(numbers)
local starts = {}
for at, number in ipairs(numbers) do
  local chunk = call('HGET', KEYS[2], string.format('%.0f/0', number))
  starts[at] = string.sub(chunk or '', 1, tonumber(ARGV[1]))
end
return { call('HGETALL', KEYS[1]), starts }

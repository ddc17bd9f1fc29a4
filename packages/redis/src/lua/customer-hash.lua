-- Included. The bucket of a customer, as `buckets.ts` computes it for readers and writers; a test
-- holds the two together. Multipliers below 2^19 keep each product below 2^50, where doubles and
-- the bit library are exact.

local bit_xor, bit_roll, bit_shift = bit.bxor, bit.rol, bit.rshift

-- 32 bits, signed, of the id's bytes.
local function customer_hash(id)
  local length = #id
  local hash = length
  for at = 1, length, 4 do
    local a, b, c, d = string.byte(id, at, at + 3)
    local word = a + (b or 0) * 256 + (c or 0) * 65536 + (d or 0) * 16777216
    hash = bit_roll(bit_xor(hash, word) * 403409, 13)
  end
  hash = bit_xor(hash, bit_shift(hash, 16)) * 403409
  hash = bit_xor(hash, bit_shift(hash, 13)) * 506537
  return bit_xor(hash, bit_shift(hash, 16))
end

-- The greatest power of two that is not above `buckets`.
local function level(buckets)
  local power = 1
  while power * 2 <= buckets do power = power * 2 end
  return power
end

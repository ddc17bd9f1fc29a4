-- Included by every script that writes. Arguments are checked whole before the first write,
-- because Lua does not roll back. An error raised here leaves everything as it was.

-- `unpack` takes at most about 7,900 values; even, so that pairs stay together.
local SLICE = 4000

local function refuse(text)
  error({ err = 'HOLDFAST ' .. text })
end

local function corrupt(text)
  error({ err = 'CORRUPT ' .. text })
end

-- A whole number from 0 to 2^53 - 1, in digits only; nil for anything else.
local function whole_or_nil(text)
  local value = type(text) == 'string' and string.find(text, '^%d+$') and tonumber(text)
  return value and value <= 9007199254740991 and value or nil
end

local function whole(text, name)
  return whole_or_nil(text) or refuse(name .. ' is ' .. tostring(text))
end

-- The same, of something that the store holds.
local function stored_whole(text, name)
  return whole_or_nil(text) or corrupt(name .. ' is ' .. tostring(text))
end

-- A list of strings, each of at most `longest` bytes if that is given; `step` of them belong
-- together.
local function strings(list, step, name, longest)
  if type(list) ~= 'table' then refuse(name .. ' is no list') end
  local count = #list
  if count % step ~= 0 then refuse(name .. ' has ' .. count .. ' parts') end
  for at = 1, count do
    local text = list[at]
    if type(text) ~= 'string' or (longest and #text > longest) then
      refuse(name .. ' holds ' .. tostring(text))
    end
  end
end

-- The same, of whole numbers below 10^15, which is beyond the year 9999 in milliseconds. Looks at
-- the list as one text, for there may be thousands.
local LONGEST_NUMBER = 15
local function numbers(list, step, name)
  strings(list, step, name, LONGEST_NUMBER)
  local text = ',' .. table.concat(list, ',') .. ','
  if string.find(text, '[^%d,]') or (#list > 0 and string.find(text, ',,', 1, true)) then
    refuse(name .. ' holds what is no whole number')
  end
end

-- `numbers` that are buckets below `limit` at every `step`th place.
local function buckets_below(limit, list, step, name)
  numbers(list, step, name)
  for at = step, #list, step do
    if tonumber(list[at]) >= limit then refuse(name .. ' has bucket ' .. list[at]) end
  end
end

-- The command over all of the list, with what stands before it.
local function in_slices(list, command, ...)
  local before = { ... }
  local fixed = #before
  for at = 1, #list, SLICE do
    local last = math.min(at + SLICE - 1, #list)
    for each = at, last do before[fixed + each - at + 1] = list[each] end
    redis.call(command, unpack(before, 1, fixed + last - at + 1))
  end
end

-- Raises where the user may not do what the script is about to do.
local function permitted(...)
  for _, each in ipairs({ ... }) do
    if not redis.acl_check_cmd(unpack(each)) then
      refuse('the user may not ' .. each[1] .. ' ' .. each[2])
    end
  end
end

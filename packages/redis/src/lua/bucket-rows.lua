-- Included, after `large-value`. All of a bucket as a flat list of (id, value), with large values in their places.
local function bucket_rows(large, bucket)
  local rows = redis.call('HGETALL', bucket)
  for at = 2, #rows, 2 do
    if rows[at] == '' then rows[at] = large_value(large, rows[at - 1]) end
  end
  return rows
end

-- Included. What the state says of itself before the first commit.
local EMPTY_META = {
  'number', '0', 'id', '', 'incarnation', '', 'next_offset', '0', 'as_of', '0',
  'next_sequence', '0', 'published_commit', '0', 'delta_offset', '0', 'dead_letter_offset', '0',
  'caught_up', '0', 'input_end', '0', 'last_record_at', '0',
}

-- Included, after `arguments`, by every script that acts for a claim.

-- This Redis process; another one after a restart, a failover or a restore.
local function run_id()
  return string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
end

-- Nil while the claim stands, otherwise
--   FENCED   a later epoch owns the partition;
--   RECLAIM  this Redis does not know the claim: the epoch is below it or another's, or this is
--            not the process that was claimed from, so that writes may be missing.
-- epoch: number; claim: the random text that the claim was made with; process: its run id.
local function claim_broken(meta, epoch, claim, process)
  local stored = redis.call('HMGET', meta, 'epoch', 'claim', 'discarding')
  local stored_epoch = stored_whole(stored[1] or '0', 'epoch')
  if stored_epoch > epoch then return 'FENCED' end
  if stored_epoch < epoch or stored[2] ~= claim or run_id() ~= process then return 'RECLAIM' end
  return nil, stored[3] == '1'
end

/** `replayer verify`: input, logs and store of every partition held against each other. */

import type { Command } from '@holdfast/command/command.ts';
import { progress, records } from '@holdfast/command/progress.ts';
import type { World } from '@holdfast/command/world.ts';
import type { Env } from '@holdfast/config/read.ts';
import { liveGeneration } from '@holdfast/pipeline/live.ts';
import { auditPartition } from '@holdfast/replay/audit/audit.ts';
import { partitionReads } from '../partition-reads.ts';
import { openReach, type Reach } from '../reach.ts';
import { rebuildTools } from '../replay-tools.ts';
import { GENERATION_FLAGS, JSON_FLAG, settingsOf } from '../settings.ts';
import { type AuditedPartition, auditedJson, auditedText } from '../verify-text.ts';

export const verify = (env: Env): Command => ({
  name: 'verify',
  summary:
    'proves that projections, deltas and dead letters are what folding the input from scratch gives',
  examples: ['', '--generation 2 --json'],
  flags: { ...GENERATION_FLAGS, ...JSON_FLAG },
  run: async (given, world) => {
    await using reach = await openReach(settingsOf(given, env));
    const audited: AuditedPartition[] = [];
    for (let partition = 0; partition < reach.partitions; partition += 1) {
      const one = await auditTwice(reach, partition, world);
      audited.push(one);
      if (!given.on('json')) world.out(`${auditedText(one)}\n`);
    }
    if (given.on('json'))
      world.out(`${JSON.stringify(auditedJson(reach.config.identity, audited))}\n`);
    return audited.every(({ finding }) => finding === null) ? 0 : 1;
  },
});

/**
 * What is wrong stays wrong: a difference counts when it is found again. A partition may have been
 * taken over while it was read.
 */
async function auditTwice(
  reach: Reach,
  partition: number,
  world: World,
): Promise<AuditedPartition> {
  const first = await auditOne(reach, partition, world);
  return first.finding === null ? first : auditOne(reach, partition, world);
}

async function auditOne(reach: Reach, partition: number, world: World): Promise<AuditedPartition> {
  const { store, reader } = rebuildTools(reach, world, () => undefined);
  const live = await liveGeneration(reader, store, partition);
  const isLive = live === null || live === reach.machine.generation;
  const { input, end } = reach.openInput(partition);
  try {
    const { endOffset } = await input.identify();
    const bar = progress(world, {
      doing: `partition ${partition + 1} of ${reach.partitions}`,
      total: endOffset,
      amount: records,
    });
    try {
      const reads = await partitionReads(reach, input, { isLive, read: bar.add });
      return { partition, isLive, ...(await auditPartition(reach.machine, reads)) };
    } finally {
      bar.end();
    }
  } finally {
    await end();
  }
}

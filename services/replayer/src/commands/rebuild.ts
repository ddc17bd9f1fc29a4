/** `replayer rebuild`: a generation beside the live one, folded from the first record in silence. */

import type { Command } from '@holdfast/command/command.ts';
import { progress, records } from '@holdfast/command/progress.ts';
import type { World } from '@holdfast/command/world.ts';
import type { Env } from '@holdfast/config/read.ts';
import type { Boundary } from '@holdfast/pipeline/ports.ts';
import { openRebuild } from '@holdfast/replay/rebuild.ts';
import { nameSilentPartitions } from '@holdfast/replay/silent-partitions.ts';
import { boundaryJson, boundaryText } from '../boundary-text.ts';
import { openReach, type Reach } from '../reach.ts';
import { rebuildTools } from '../replay-tools.ts';
import { GENERATION_FLAGS, JSON_FLAG, settingsOf } from '../settings.ts';

export const rebuild = (env: Env): Command => ({
  name: 'rebuild',
  summary:
    'folds the input from its beginning into a generation beside the live one, publishing nothing',
  examples: ['--generation 2', '--generation 2 --policy docs/examples/policy.yaml'],
  flags: { ...GENERATION_FLAGS, ...JSON_FLAG },
  run: async (given, world) => {
    await using reach = await openReach(settingsOf(given, env));
    const { generation } = reach.config.identity;
    const { store, reader } = rebuildTools(reach, world, () => undefined);
    await nameSilentPartitions(reader, store, reach.partitions);
    const reached: Boundary[] = [];
    for (let partition = 0; partition < reach.partitions; partition += 1) {
      const boundary = await rebuildOne(reach, partition, world);
      reached.push(boundary);
      if (given.on('json')) continue;
      world.out(
        `partition ${partition}: generation ${generation} is at ${boundaryText(boundary)}\n`,
      );
    }
    if (given.on('json')) {
      const partitions = reached.map((boundary, partition) => ({
        partition,
        ...boundaryJson(boundary),
      }));
      world.out(`${JSON.stringify({ ...reach.config.identity, partitions })}\n`);
    }
    return 0;
  },
});

/** To the end that the input has when it gets there. */
async function rebuildOne(reach: Reach, partition: number, world: World): Promise<Boundary> {
  const { input, end } = reach.openInput(partition);
  try {
    const { endOffset } = await input.identify();
    const bar = progress(world, {
      doing: `rebuilding partition ${partition + 1} of ${reach.partitions}`,
      total: endOffset,
      amount: records,
    });
    try {
      const tools = rebuildTools(reach, world, bar.add);
      const opened = await openRebuild(tools, input);
      bar.add(opened.boundary().nextOffset);
      await opened.foldTo({ nextOffset: endOffset, asOf: tools.clock.now() });
      const now = await input.identify();
      await opened.foldTo({ nextOffset: now.endOffset, asOf: tools.clock.now() });
      return opened.boundary();
    } finally {
      bar.end();
    }
  } finally {
    await end();
  }
}

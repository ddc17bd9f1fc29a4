/** `replayer status`: which generation is live in each partition, and how far this one is. */

import type { Command } from '@holdfast/command/command.ts';
import type { World } from '@holdfast/command/world.ts';
import { policyHash } from '@holdfast/config/policy-hash.ts';
import type { Env } from '@holdfast/config/read.ts';
import { liveGeneration } from '@holdfast/pipeline/live.ts';
import type { PartitionView } from '@holdfast/pipeline/ports.ts';
import { boundaryJson, boundaryText } from '../boundary-text.ts';
import { openReach, type Reach } from '../reach.ts';
import { rebuildTools } from '../replay-tools.ts';
import { GENERATION_FLAGS, JSON_FLAG, settingsOf } from '../settings.ts';

interface Standing {
  readonly partition: number;
  /** Null: nothing was said yet. */
  readonly live: string | null;
  /** Of the generation asked for; null: it holds nothing. */
  readonly view: PartitionView | null;
  readonly inputEnd: number;
}

export const status = (env: Env): Command => ({
  name: 'status',
  summary: 'says which generation is live in each partition, and how far one is folded',
  examples: ['', '--generation 2 --json'],
  flags: { ...GENERATION_FLAGS, ...JSON_FLAG },
  run: async (given, world) => {
    await using reach = await openReach(settingsOf(given, env));
    const standings = await standingsOf(reach, world);
    const own = policyHash(reach.config.run.policy);
    const { generation } = reach.config.identity;
    if (given.on('json')) {
      const partitions = standings.map((standing) => standingJson(standing, own));
      world.out(`${JSON.stringify({ ...reach.config.identity, partitions })}\n`);
    } else {
      for (const standing of standings) world.out(`${standingText(standing, generation, own)}\n`);
    }
    return 0;
  },
});

async function standingsOf(reach: Reach, world: World): Promise<readonly Standing[]> {
  const { store, reader } = rebuildTools(reach, world, () => undefined);
  const standings: Standing[] = [];
  for (const [partition, view] of (await reach.views.readViews()).entries()) {
    const live = await liveGeneration(reader, store, partition);
    const { input, end } = reach.openInput(partition);
    const { endOffset } = await input.identify().finally(end);
    standings.push({ partition, live, view, inputEnd: endOffset });
  }
  return standings;
}

const standingText = (
  { partition, live, view, inputEnd }: Standing,
  generation: string,
  own: string,
): string => {
  const lives = live === null ? 'no generation is live yet' : `generation ${live} is live`;
  if (view === null)
    return `partition ${partition}: ${lives}, generation ${generation} holds nothing`;
  const { boundary, policyHash: hash } = view.meta;
  const policy =
    hash === own ? '' : ', under another policy, or version of the fold, than this call has';
  const lag = inputEnd - boundary.nextOffset;
  return `partition ${partition}: ${lives}, generation ${generation} is at ${boundaryText(boundary)}, lag ${lag}${policy}`;
};

const standingJson = ({ partition, live, view, inputEnd }: Standing, own: string): object => ({
  partition,
  live,
  input_end: inputEnd,
  state:
    view === null
      ? null
      : {
          ...boundaryJson(view.meta.boundary),
          lag: inputEnd - view.meta.boundary.nextOffset,
          caught_up: view.meta.caughtUp,
          same_policy: view.meta.policyHash === own,
        },
});

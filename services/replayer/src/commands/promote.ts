/** `replayer promote` and `replayer rollback`: another generation becomes the live one. */

import type { Command } from '@holdfast/command/command.ts';
import { progress, records } from '@holdfast/command/progress.ts';
import type { World } from '@holdfast/command/world.ts';
import type { Env } from '@holdfast/config/read.ts';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import { BrokenPromise } from '@holdfast/replay/audit/finding.ts';
import { inputRanges } from '@holdfast/replay/input-ranges.ts';
import { type Promotion, type PromotionStep, promotePartition } from '@holdfast/replay/promote.ts';
import { nameSilentPartitions } from '@holdfast/replay/silent-partitions.ts';
import { boundaryJson, boundaryText } from '../boundary-text.ts';
import { viewOf } from '../partition-reads.ts';
import { openReach, type Reach } from '../reach.ts';
import { outputSink, rebuildTools } from '../replay-tools.ts';
import { GENERATION_FLAGS, JSON_FLAG, settingsOf } from '../settings.ts';

/** A test stops a call here, as a crash would. */
export type AtStep = (step: PromotionStep, partition: number) => void | Promise<void>;

export const promote = (env: Env, atStep: AtStep = () => undefined): Command => ({
  name: 'promote',
  summary: 'makes a rebuilt generation the live one, and publishes the difference first',
  examples: ['--generation 2', '--generation 2 --policy docs/examples/policy.yaml'],
  flags: { ...GENERATION_FLAGS, ...JSON_FLAG },
  run: (given, world) => promoteAll(given, world, env, atStep, false),
});

export const rollback = (env: Env, atStep: AtStep = () => undefined): Command => ({
  name: 'rollback',
  summary: 'makes a generation live again that was live before, the same way',
  examples: ['--generation 1', '--generation 1 --policy docs/examples/policy.yaml'],
  flags: { ...GENERATION_FLAGS, ...JSON_FLAG },
  run: (given, world) => promoteAll(given, world, env, atStep, true),
});

async function promoteAll(
  given: Parameters<Command['run']>[0],
  world: World,
  env: Env,
  atStep: AtStep,
  back: boolean,
): ReturnType<Command['run']> {
  await using reach = await openReach(settingsOf(given, env));
  const { generation } = reach.config.identity;
  const { store, reader } = rebuildTools(reach, world, () => undefined);
  await nameSilentPartitions(reader, store, reach.partitions);
  const promotions: Promotion[] = [];
  for (let partition = 0; partition < reach.partitions; partition += 1) {
    const promotion = await promoteOne(reach, partition, world, atStep, back);
    promotions.push(promotion);
    if (!given.on('json')) {
      world.out(`partition ${partition}: ${promotionText(promotion, generation)}\n`);
    }
  }
  if (given.on('json')) {
    const partitions = promotions.map((promotion, partition) => ({
      partition,
      ...promotionJson(promotion),
    }));
    world.out(`${JSON.stringify({ ...reach.config.identity, partitions })}\n`);
  }
  return 0;
}

async function promoteOne(
  reach: Reach,
  partition: number,
  world: World,
  atStep: AtStep,
  back: boolean,
): Promise<Promotion> {
  const state = reach.openInput(partition);
  const ledger = reach.openInput(partition);
  try {
    const { endOffset } = await state.input.identify();
    const bar = progress(world, {
      doing: `folding partition ${partition + 1} of ${reach.partitions}`,
      total: endOffset,
      amount: records,
    });
    try {
      return await promotePartition(
        {
          ...rebuildTools(reach, world, () => undefined),
          sink: outputSink(reach),
          view: (at) => viewOf(reach.views, at),
          back,
          reached: atStep,
        },
        { state: state.input, ledger: inputRanges(ledger.input, bar.add) },
      );
    } finally {
      bar.end();
    }
  } catch (error) {
    if (!(error instanceof BrokenPromise)) throw error;
    throw new HoldfastError('refold_mismatch', error.message, { cause: error });
  } finally {
    await state.end();
    await ledger.end();
  }
}

const promotionText = (promotion: Promotion, generation: string): string => {
  if (promotion.kind === 'already') return `generation ${generation} is live already`;
  const { deltas, deadLetters, boundary } = promotion;
  const restated = `${deltas} deltas restated, ${deadLetters} dead letters`;
  return `generation ${generation} is live from ${boundaryText(boundary)} on: ${restated}`;
};

const promotionJson = (promotion: Promotion): object =>
  promotion.kind === 'already'
    ? { promoted: false }
    : {
        promoted: true,
        ...boundaryJson(promotion.boundary),
        deltas: promotion.deltas,
        dead_letters: promotion.deadLetters,
      };

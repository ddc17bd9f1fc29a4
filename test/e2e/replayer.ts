/** Calls of the replayer as tests make them, and a look at what a pipe's processors have done. */

import { readFileSync } from 'node:fs';
import { readProcessorConfig } from '@holdfast/config/services.ts';
import { openRedis } from '@holdfast/redis/connection.ts';
import { redisProjectionReader } from '@holdfast/redis/projection-reader.ts';
import { expect, vi } from 'vitest';
import type { AtStep } from '../../services/replayer/src/commands/promote.ts';
import { run } from '../../services/replayer/src/run.ts';
import { type Pipe, SOON } from './pipe.ts';

export interface Called {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

export const call = async (
  pipe: Pick<Pipe, 'env'>,
  words: readonly string[],
  more: Readonly<Record<string, string>> = {},
  atStep?: AtStep,
): Promise<Called> => {
  let [out, err] = ['', ''];
  const env = { ...pipe.env, ...more };
  const exit = await run(
    words,
    env,
    {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      redraw: null,
      now: Date.now,
    },
    atStep,
  );
  return { exit, out, err };
};

/** Waits until so many records are folded, up to an instant if one is given, and all is published. */
export const untilFolded = async (
  { env, identity, partitions }: Pick<Pipe, 'env' | 'identity' | 'partitions'>,
  generation: string,
  records: number,
  asOf = 0,
): Promise<void> => {
  const redis = openRedis(readProcessorConfig(env, (path) => readFileSync(path, 'utf8')).redis);
  try {
    const reader = redisProjectionReader(redis, { ...identity, generation, partitions });
    await vi.waitFor(async () => {
      const views = await reader.readViews();
      const folded = views.map((view) =>
        [...(view?.counters ?? [])]
          .filter(([name]) => name.startsWith('events:'))
          .reduce((sum, [, count]) => sum + count, 0),
      );
      expect(folded.reduce((sum, one) => sum + one, 0)).toBe(records);
      const published = await reader.readPublished();
      for (const [partition, view] of views.entries()) {
        expect(published[partition]?.sequence).toBe((view?.meta.nextSequence ?? 0) - 1);
        expect(view?.meta.boundary.asOf).toBeGreaterThanOrEqual(asOf);
      }
    }, SOON);
  } finally {
    redis.close();
  }
};

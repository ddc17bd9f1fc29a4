/** A partition at which nothing happens writes nothing: a fixed clock and an empty log stay silent. */

import { jsonChangeCodec } from '@holdfast/contracts/json-change.ts';
import { jsonDeltaCodec } from '@holdfast/contracts/json-delta.ts';
import { DEFAULT_POLICY } from '@holdfast/domain/policy.ts';
import { compileRules } from '@holdfast/domain/rules.ts';
import { embeddedLog } from '@holdfast/embedded/log.ts';
import { embeddedDeltaSink } from '@holdfast/embedded/output.ts';
import { embeddedStore } from '@holdfast/embedded/store.ts';
import type { EventLog } from '@holdfast/pipeline/ports.ts';
import { startProcessor } from '@holdfast/pipeline/processor.ts';
import { expect, it } from 'vitest';

const NOW = Date.UTC(2026, 0, 15);
const LINE =
  '{"type":"subscription_changed","event_id":"e","customer_id":"a","subscription_id":"s","version":1,' +
  '"recorded_at":"2026-01-01T00:00:00Z","effective_at":"2026-01-01T00:00:00Z","status":"active",' +
  '"items":[{"product_id":"core","amount_minor":100,"currency":"USD","interval":"month"}]}';

/** Tells of each poll. */
const listened = (log: EventLog, polled: () => void): EventLog => ({
  ...log,
  subscribe: (handlers) =>
    log.subscribe({
      ...handlers,
      assigned: (input) =>
        handlers.assigned({
          ...input,
          poll: (waitMs) => {
            polled();
            return input.poll(waitMs);
          },
        }),
    }),
});

it('commits once more to remember what was published, and then no more', async () => {
  const clock = { now: () => NOW, simulated: true, wait: async () => undefined };
  const log = embeddedLog({ topic: 't', partitions: 1, partitionFor: () => 0 });
  const { store } = embeddedStore({ partitions: 1, clock });
  log.append([{ timestamp: NOW, key: Buffer.from('a'), value: Buffer.from(LINE) }]);
  let commits = 0;
  let pollsSinceCommit = 0;
  const silent = Promise.withResolvers<void>();
  const none = () => undefined;
  const polled = (): void => {
    pollsSinceCommit += 1;
    if (commits > 0 && pollsSinceCommit > 20) silent.resolve();
    if (commits > 20) silent.reject(new Error(`${commits} commits of nothing`));
  };
  const processor = await startProcessor(listened(log.inGroup('g'), polled), {
    machine: {
      rules: compileRules(DEFAULT_POLICY),
      changes: jsonChangeCodec,
      deltas: jsonDeltaCodec,
      topic: 't',
      generation: 'g',
      partitionFor: () => 0,
    },
    store,
    sink: embeddedDeltaSink({ partitions: 1 }),
    clock,
    policyHash: 'p',
    cacheCapacity: 10,
    newId: () => String(commits),
    foldingAgain: none,
    stopwatch: () => 0,
    batchRecords: 10,
    tickEveryMs: 1,
    events: {
      claimed: none,
      committed: () => {
        commits += 1;
        pollsSinceCommit = 0;
      },
      published: none,
      blocked: none,
      ended: none,
    },
  });
  await silent.promise;
  await processor.close();
  expect(commits).toBe(2);
});

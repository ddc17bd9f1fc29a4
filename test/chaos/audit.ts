/**
 * Holds everything that the world's pipe has left behind against its input, as an operator does
 * with `replayer verify`; and the input against what Kafka has said that it took.
 */

import { readFileSync } from 'node:fs';
import { readReplayerConfig } from '@holdfast/config/services.ts';
import { isRejection } from '@holdfast/domain/rejection.ts';
import type { Machine } from '@holdfast/pipeline/partition.ts';
import type { InputRecord } from '@holdfast/pipeline/ports.ts';
import { auditPartition, type PartitionReads } from '@holdfast/replay/audit/audit.ts';
import { describeFinding } from '@holdfast/replay/audit/finding.ts';
import { partitionReads } from '../../services/replayer/src/partition-reads.ts';
import { openReach, type Reach } from '../../services/replayer/src/reach.ts';
import type { World } from './world.ts';

export interface Audit {
  /** What is wrong; empty: every promise is kept. */
  readonly findings: readonly string[];
  readonly records: number;
  readonly deltas: number;
  readonly deadLetters: number;
}

/** No processor may run: what is committed and not published by then will never be. */
export const auditWorld = async ({ settings, load }: World): Promise<Audit> => {
  const config = readReplayerConfig(settings(), (path) => readFileSync(path, 'utf8'));
  await using reach = await openReach(config);
  const missing = new Set(load.taken);
  const found = { records: 0, deltas: 0, deadLetters: 0 };
  const findings: string[] = [];
  for (let partition = 0; partition < reach.partitions; partition += 1) {
    const audited = await auditOne(reach, partition, missing);
    if (audited.finding !== null) findings.push(describeFinding(audited.finding));
    found.records += audited.records;
    found.deltas += audited.deltas;
    found.deadLetters += audited.deadLetters;
  }
  if (findings.length === 0 && missing.size > 0) {
    findings.push(`${missing.size} records that Kafka took are not in it: ${[...missing][0]} ...`);
  }
  return { findings, ...found };
};

const auditOne = async (reach: Reach, partition: number, missing: Set<string>) => {
  const { input, end } = reach.openInput(partition);
  try {
    const reads = await partitionReads(reach, input, { isLive: true, read: () => undefined });
    return await auditPartition(reach.machine, {
      ...reads,
      input: (from, to) => noting(reach.machine, reads.input(from, to), missing),
    });
  } finally {
    await end();
  }
};

/** Strikes out what is read. */
const noting = async function* (
  machine: Machine,
  pages: ReturnType<PartitionReads['input']>,
  missing: Set<string>,
): AsyncGenerator<readonly InputRecord[]> {
  for await (const page of pages) {
    for (const { value } of page) {
      const eventId = value === null ? null : await eventIdIn(machine, value);
      if (eventId !== null) missing.delete(eventId);
    }
    yield page;
  }
};

/** Null for what is no change. */
const eventIdIn = async (machine: Machine, value: Uint8Array): Promise<string | null> => {
  const change = machine.changes.decode(value);
  if (change === 'schema_unknown') {
    await machine.changes.learn(value);
    return eventIdIn(machine, value);
  }
  return isRejection(change) ? null : change.eventId;
};

/**
 * Keeps `retention-metrics` up with the figures: once a second it looks, reads the topic to its end
 * and writes what differs. Says nothing while there are no whole figures. What is out of reach is
 * tried again in the next round; scrapes do not depend on any of it.
 */

import type { MetricCodec, WriterLearning } from '@holdfast/contracts/codec.ts';
import type { Metric } from '@holdfast/contracts/metric.ts';
import { isHoldfastError } from '@holdfast/domain/errors.ts';
import type { KeyedTopic } from '@holdfast/kafka/keyed-topic.ts';
import type { Clock, ProjectionReader } from '@holdfast/pipeline/ports.ts';
import type { Logger } from '@holdfast/telemetry/logger.ts';
import type { Look } from './figures.ts';
import { type MetricChanges, metricChanges } from './metric-changes.ts';
import { progressRecords, retentionRecords } from './metric-records.ts';
import { raised } from './stop.ts';

type Codec = MetricCodec & WriterLearning;

export interface MetricPublishing {
  readonly look: () => Promise<Look>;
  readonly reader: Pick<ProjectionReader, 'readPublished'>;
  readonly openTopic: () => KeyedTopic;
  /** Registers the schemas. */
  readonly openCodec: () => Promise<Codec>;
  readonly clock: Pick<Clock, 'wait'>;
  /** Real ms; never goes back. */
  readonly stopwatch: () => number;
  /** The wall clock, UTC ms: the timestamp of what is written. */
  readonly now: () => number;
  readonly log: Logger;
  readonly stop: AbortSignal;
}

const EVERY_MS = 1_000;

/** Ends once `stop` is raised. Throws only what is a defect. */
export async function publishMetrics(options: MetricPublishing): Promise<void> {
  const { clock, stop, log } = options;
  let open: OpenTopic | null = null;
  let said: string | null = null;
  // A round that waits for a topic out of reach ends with it.
  const closing = raised(stop).then(() => open?.topic.close());
  closing.catch(() => undefined);
  while (!stop.aborted) {
    try {
      open ??= await openTopic(options);
      if (stop.aborted) break;
      await round(options, open);
      if (said !== null) log.info('writing figures to their topic again');
      said = null;
    } catch (error) {
      if (!isHoldfastError(error)) throw error;
      if (stop.aborted) break;
      if (said !== error.message) log.warn(error.message, { code: error.code });
      said = error.message;
      // Whether a write arrived, and whether it is still the same topic, reading tells.
      await open?.topic.close();
      open = null;
    }
    await clock.wait(EVERY_MS, stop);
  }
  await closing;
  await open?.topic.close();
}

interface OpenTopic {
  readonly topic: KeyedTopic;
  readonly codec: Codec;
  readonly changes: MetricChanges;
}

const openTopic = async (options: MetricPublishing): Promise<OpenTopic> => ({
  codec: await options.openCodec(),
  topic: options.openTopic(),
  changes: metricChanges(),
});

async function round(options: MetricPublishing, open: OpenTopic): Promise<void> {
  const { look, reader, stopwatch, now } = options;
  const { topic, codec, changes } = open;
  // Before the figures: they are then as of that instant or later.
  const published = await reader.readPublished();
  const { figures, currency } = (await look()).snapshot;
  if (figures === null) return;
  for await (const page of topic.read()) {
    for (const { key, value } of page) {
      if (key === null) continue;
      changes.saw(Buffer.from(key).toString(), await metricIn(codec, value), stopwatch());
    }
  }
  const written = changes.next(
    retentionRecords(figures, currency),
    progressRecords(published),
    stopwatch(),
  );
  if (written.length === 0) return;
  const timestamp = now();
  await topic.write(
    written.map(({ key, metric }) => ({
      key,
      value: metric === null ? null : codec.encode(metric),
      timestamp,
    })),
  );
}

/** Null where there is none, or none that this version can read. */
async function metricIn(codec: Codec, value: Uint8Array | null): Promise<Metric | null> {
  if (value === null) return null;
  try {
    if (!codec.knows(value)) await codec.learn(value);
    return codec.decode(value);
  } catch (error) {
    if (isHoldfastError(error, 'output_unreadable')) return null;
    throw error;
  }
}

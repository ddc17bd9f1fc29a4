/**
 * What the rest of Holdfast knows of the wire: records in, deltas and metrics out, whatever the
 * format; and what the formats need of a schema registry. Never awaits while records flow.
 */

import type { Delta } from '@holdfast/domain/delta.ts';
import type { ChangeRecord } from '@holdfast/domain/records.ts';
import type { Rejection } from '@holdfast/domain/rejection.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Metric } from './metric.ts';

export interface ChangeCodec extends WriterLearning {
  /**
   * The record, or why the bytes hold none. `schema_unknown`: call `learn` with the same value
   * first, then decode again. Never throws on account of the bytes. A tombstone is the caller's.
   */
  decode(value: Uint8Array): ChangeRecord | Rejection | 'schema_unknown';
}

export interface DeltaCodec {
  /** Appends the delta to what is written. Equal deltas are equal bytes. */
  write(delta: Delta, to: ByteWriter): void;
  /** Throws `output_unreadable`. */
  decode(value: Uint8Array): Delta;
}

export interface MetricCodec {
  encode(metric: Metric): Uint8Array;
  /** Throws `output_unreadable`. */
  decode(value: Uint8Array): Metric;
}

/** For readers of topics that other versions of Holdfast wrote, too. */
export interface WriterLearning {
  /** Whether the schema the value was written with has been learned, or is our own. */
  knows(value: Uint8Array): boolean;
  /**
   * Asks the registry for it. An id that it does not know is remembered, so that `decode` rejects
   * the value. Throws `registry_unavailable`.
   */
  learn(value: Uint8Array): Promise<void>;
}

/** The schema registry, seen from a reader. `packages/kafka` implements it. */
export interface WriterSchemas {
  /** The schema's text, null where the registry has no such id. Throws `registry_unavailable`. */
  fetch(id: number): Promise<string | null>;
}

/** The registry's ids of the schemas that deltas are written with. */
export interface DeltaWriterIds {
  readonly arrDelta: number;
  readonly customerClassified: number;
}

export interface MetricWriterIds {
  readonly retentionMetric: number;
  readonly partitionProgress: number;
}

export interface ChangeWriterIds {
  readonly subscriptionChanged: number;
  readonly customerChanged: number;
}

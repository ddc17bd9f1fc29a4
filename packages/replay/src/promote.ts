/**
 * Makes a rebuilt generation the live one of a partition, at an exact boundary. The switch is one
 * transaction on the output log, the restatement: whoever reads the log before it finds the old
 * generation live, whoever reads after it the new one. So a crash before it changes nothing, and
 * after it nothing is left to do; running it again ends the same.
 *
 * Opening the output fences the owner of the old generation, so that nothing of its comes between
 * what is read and what is restated. It claims again only after a pause, and finds the new one live.
 */

import type { Delta } from '@holdfast/domain/delta.ts';
import { HoldfastError, isHoldfastError } from '@holdfast/domain/errors.ts';
import { deadLetter } from '@holdfast/pipeline/dead-letter.ts';
import { deltaWriter } from '@holdfast/pipeline/deltas.ts';
import type {
  Boundary,
  DeltaSink,
  OutputBatch,
  PartitionInput,
  PartitionOutput,
  PartitionView,
} from '@holdfast/pipeline/ports.ts';
import { type FoldedInput, foldInput } from './audit/audit-input.ts';
import { auditFigures } from './audit/audit-store.ts';
import { type DeadLetters, keepDeadLetters } from './audit/dead-letters.ts';
import { type DeltaLog, keepDeltaLog } from './audit/delta-log.ts';
import { type Prove, proverOf } from './audit/finding.ts';
import type { InputRanges } from './input-ranges.ts';
import { openRebuild, type Rebuild, type RebuildTools } from './rebuild.ts';
import { restatementOf, type Said, writeRestatement } from './restatement.ts';

export interface PromoteTools extends RebuildTools {
  readonly sink: DeltaSink;
  readonly view: (partition: number) => Promise<PartitionView>;
  /** A generation that was live before is gone back to, another one is promoted. */
  readonly back: boolean;
  /** Told of each step that is behind it. */
  readonly reached: (step: PromotionStep, partition: number) => void | Promise<void>;
}

export type PromotionStep = 'folded' | 'fenced' | 'compared' | 'published';

export interface PromoteInputs {
  /** Read for the generation's state. */
  readonly state: PartitionInput;
  /** Read for the ledger, from the first record. */
  readonly ledger: InputRanges;
}

export type Promotion =
  | { readonly kind: 'already' }
  | {
      readonly kind: 'promoted';
      readonly boundary: Boundary;
      readonly deltas: number;
      readonly deadLetters: number;
    };

/** What is known of the partition, each as far as it is read. */
interface Known {
  readonly rebuild: Rebuild;
  readonly letters: DeadLetters;
  readonly log: DeltaLog<Delta>;
  readonly folded: FoldedInput<Said>;
}

/** An owner that was fenced comes back once or twice before it learns. */
const ATTEMPTS = 5;
const RETRY_MS = 500;

/**
 * What was folded so far stands. After any other error, a commit in doubt above all, state and input
 * are elsewhere than is known here: only another call, which claims again, goes on.
 */
const ofTheOutput = (error: unknown): boolean =>
  isHoldfastError(error, 'publish_fenced') ||
  isHoldfastError(error, 'publish_in_doubt') ||
  isHoldfastError(error, 'output_unavailable');

/**
 * Throws `usage` for the wrong way, `fenced` when another call works on the same generation, and a
 * broken promise where store, log and input do not fit together: nothing is
 * published then.
 */
export async function promotePartition(
  tools: PromoteTools,
  inputs: PromoteInputs,
): Promise<Promotion> {
  const { machine, reader, clock, reached } = tools;
  const { partition } = inputs.state;
  const prove: Prove = proverOf(partition);
  const rebuild = await openRebuild(tools, inputs.state).catch((error: unknown) => {
    if (isHoldfastError(error, 'generation_live')) return null;
    throw error;
  });
  if (rebuild === null) return { kind: 'already' };
  const letters = keepDeadLetters(machine, partition, prove);
  const originOf = (delta: Delta): Delta => delta;
  const log = keepDeltaLog({ machine, partition, originOf, prove });
  const said = (change: Said['change'], cause: Said['cause']): Said => ({ change, cause });
  const folded = foldInput({ machine, partition, letters, originOf: said, prove });
  const known: Known = { rebuild, letters, log, folded };

  // All of the work that takes long, while the old generation goes on.
  await readOn(known, reader.readDeltas(partition, 0), reader.readDeadLetters(partition, 0));
  if (isLive(tools, log)) return { kind: 'already' };
  checkWay(tools, log);
  const { endOffset } = await inputs.state.identify();
  await foldOn(known, inputs, { nextOffset: endOffset, asOf: clock.now() });
  await reached('folded', partition);

  for (let attempt = 1; ; attempt += 1) {
    const output = await tools.sink.open(partition);
    try {
      await reached('fenced', partition);
      return await switchOver(tools, inputs, known, output, prove);
    } catch (error) {
      if (!ofTheOutput(error) || attempt === ATTEMPTS) throw error;
      await clock.wait(RETRY_MS);
    } finally {
      await output.close();
    }
  }
}

/** Between the fence and the restatement: nothing of the old generation is published any more. */
async function switchOver(
  tools: PromoteTools,
  inputs: PromoteInputs,
  known: Known,
  output: PartitionOutput,
  prove: Prove,
): Promise<Promotion> {
  const { machine, store, reached } = tools;
  const { partition } = inputs.state;
  const { letters, log, folded, rebuild } = known;
  await readOn(known, output.readDeltas(log.reached), output.readDeadLetters(letters.reached));
  if (isLive(tools, log)) return { kind: 'already' };
  await foldOn(known, inputs, leastEnd(known));
  proveLetters(known, prove);
  const view = await tools.view(partition);
  const boundary = rebuild.boundary();
  checkNotBehind(view, boundary);
  prove(
    view.meta.boundary.nextOffset === boundary.nextOffset &&
      view.meta.boundary.asOf === boundary.asOf,
    'boundary',
    () => 'the rebuilt generation is not where it was folded to',
  );
  auditFigures(view, folded.figures(), folded, prove);
  const batch = batchOf(tools, partition, known);
  await reached('compared', partition);
  const [deltas, deadLetters] = [batch.deltas.length, batch.deadLetters.length];
  if (deltas + deadLetters > 0) await output.publish(batch);
  if (deltas === 0) await store.setPromoted(partition, machine.generation);
  await reached('published', partition);
  return { kind: 'promoted', boundary, deltas, deadLetters };
}

async function readOn(
  { log, letters }: Known,
  deltas: Parameters<DeltaLog<Delta>['take']>[0],
  deadLetters: Parameters<DeadLetters['take']>[0],
): Promise<void> {
  await log.take(deltas);
  await letters.take(deadLetters);
}

/** State and ledger to one boundary. */
async function foldOn(
  { rebuild, folded, log }: Known,
  { ledger }: PromoteInputs,
  to: Boundary,
): Promise<void> {
  await rebuild.foldTo({ ...to, asOf: Math.max(to.asOf, log.end.asOf) });
  const boundary = rebuild.boundary();
  await folded.advance(boundary, ledger(folded.boundary.nextOffset, boundary.nextOffset));
}

/** Not before anything that the old generation has said, of deltas or of dead letters. */
function leastEnd({ log, letters, rebuild }: Known): Boundary {
  let { nextOffset } = log.end;
  for (const offset of letters.byOffset.keys()) nextOffset = Math.max(nextOffset, offset + 1);
  return { nextOffset, asOf: rebuild.boundary().asOf };
}

/** What an earlier call had sent when it was killed may arrive at any time until the fence. */
const isLive = ({ machine }: PromoteTools, { generations }: DeltaLog<Delta>): boolean =>
  generations.at(-1) === machine.generation;

/** Nothing may have been committed since the store went back in time, so no answer has told of it. */
function checkNotBehind({ partition, meta }: PartitionView, folded: Boundary): void {
  const { nextOffset, asOf } = meta.boundary;
  if (nextOffset >= folded.nextOffset && asOf >= folded.asOf) return;
  throw new HoldfastError(
    'store_unavailable',
    `partition ${partition} went back in time while it was folded; call again`,
  );
}

function checkWay({ machine, back }: PromoteTools, log: DeltaLog<Delta>): void {
  const wasLive = log.generations.includes(machine.generation);
  if (log.count === 0 || wasLive === back) return;
  throw new HoldfastError(
    'usage',
    back
      ? `generation ${machine.generation} was never live; promote it`
      : `generation ${machine.generation} was live before; roll back to it`,
  );
}

/**
 * Whether a record is too far ahead of its time is decided once, by who is live. Its letter may have
 * come after this generation took the record.
 */
function proveLetters({ letters, folded }: Known, prove: Prove): void {
  for (const [offset, { reason }] of letters.byOffset) {
    if (reason !== 'bad_instant') continue;
    prove(folded.isDead(offset), 'dead_letter', () => 'taken here, dead there: rebuild it anew', {
      offset,
    });
  }
}

function batchOf(
  { machine }: PromoteTools,
  partition: number,
  { log, folded, letters, rebuild }: Known,
): OutputBatch {
  const { generation, topic, rules } = machine;
  const writer = deltaWriter({
    codec: machine.deltas,
    generation,
    partition,
    currency: rules.policy.reportingCurrency,
    from: log.end,
    to: rebuild.boundary(),
    nextSequence: log.count,
    silent: false,
    restatement: generation,
  });
  const restated = restatementOf(log.ledger, folded.ledger, log.last);
  writeRestatement(writer, restated, { topic, partition });
  const deadLetters = folded
    .unlettered()
    .filter(({ record }) => !letters.byOffset.has(record.offset))
    .map(({ record, rejection }) => deadLetter(topic, partition, record, rejection));
  return writer.end(deadLetters).batch;
}

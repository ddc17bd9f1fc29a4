/**
 * The ledger: all deltas of all partitions in DuckDB, and every question that can be asked of them.
 * Opened over a file it goes on from what the file holds.
 */

import type { Policy } from '@holdfast/domain/policy.ts';
import type { RetentionReport } from '@holdfast/domain/retention.ts';
import { compileRules, type Rules } from '@holdfast/domain/rules.ts';
import type { WaterfallQuery, WaterfallRow } from '@holdfast/domain/waterfall.ts';
import { type CustomerStory, storyOf } from './customer-story.ts';
import { openDatabase } from './database.ts';
import { type Explained, type ExplainQuery, explainAt } from './explain.ts';
import { type FeedQuery, feedOf, movementsAfter } from './feed.ts';
import { type Intake, openIntake } from './intake.ts';
import type { KnownAt } from './known.ts';
import type { MovementRow } from './movement-rows.ts';
import { movementsBy } from './movements.ts';
import { type Restated, type RestatedQuery, restatedAt } from './restated.ts';
import { type Restatement, restatementsIn } from './restatements.ts';
import { type Asked, type RetentionAt, retentionAt } from './retention.ts';
import { type FoundCustomer, searchCustomers } from './search.ts';
import { prepareTables } from './tables.ts';

export interface LedgerOptions {
  readonly policy: Policy;
  /** Of `arr-deltas`. */
  readonly partitions: number;
  /** A file, or null: in memory. */
  readonly path: string | null;
  readonly threads?: number;
  readonly memoryMiB?: number;
}

export interface Ledger {
  /** What it holds, and how deltas come in. */
  readonly intake: Intake;
  readonly rules: Rules;
  retention(asked: Asked & { readonly asOf: number }): Promise<readonly RetentionReport[]>;
  history(asked: Asked, instants: readonly number[]): Promise<readonly RetentionAt[]>;
  movements(asked: WaterfallQuery, knownAt: KnownAt): Promise<readonly WaterfallRow[]>;
  feed(asked: FeedQuery): Promise<readonly MovementRow[]>;
  /** What was taken since; no rows where there are more than `limit`. */
  movementsAfter(
    sequences: readonly number[],
    limit: number,
  ): Promise<{ readonly count: number; readonly rows: readonly MovementRow[] }>;
  explain(asked: ExplainQuery): Promise<Explained>;
  restated(asked: RestatedQuery): Promise<Restated>;
  restatements(): Promise<readonly Restatement[]>;
  /** `customer`: its number. */
  story(
    customer: number,
    at: { readonly asOf: number; readonly knownAt: KnownAt },
  ): Promise<CustomerStory>;
  search(text: string, limit: number, asOf: number): Promise<readonly FoundCustomer[]>;
  close(): Promise<void>;
}

const THREADS = 2;
const MEMORY_MIB = 1_024;

/** Throws `format_newer` and `policy_changed`. */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { policy, partitions, path, threads = THREADS, memoryMiB = MEMORY_MIB } = options;
  const rules = compileRules(policy, { keepAll: true });
  const database = await openDatabase({ path, threads, memoryMiB });
  let intake: Intake;
  try {
    await database.write((connection, query) => prepareTables(connection, query, rules));
    intake = await openIntake(database, rules, partitions);
  } catch (error) {
    await database.close();
    throw error;
  }
  const { read } = database;
  const held = { rules, members: intake.members };
  return {
    rules,
    intake,
    retention: async ({ asOf, ...asked }) =>
      (await read((query) => retentionAt(query, held, asked, [asOf])))[0]?.rows ?? [],
    history: (asked, instants) => read((query) => retentionAt(query, held, asked, instants)),
    movements: (asked, knownAt) => read((query) => movementsBy(query, held, asked, knownAt)),
    feed: (asked) => read((query) => feedOf(query, asked)),
    movementsAfter: (sequences, limit) => read((query) => movementsAfter(query, sequences, limit)),
    explain: (asked) => read((query) => explainAt(query, held, asked)),
    restated: (asked) => read((query) => restatedAt(query, held, asked)),
    restatements: () => read(restatementsIn),
    story: (customer, at) => read((query) => storyOf(query, rules, customer, at)),
    search: (text, limit, asOf) => read((query) => searchCustomers(query, text, limit, asOf)),
    close: async () => {
      await intake.close();
      await database.close();
    },
  };
}

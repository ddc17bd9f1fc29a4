/**
 * A simulated software company: seeded, years of believable billing life, and it never ends. Half
 * of the customers are there on the first day, the rest comes over the first two years and more
 * keep coming. Memory holds what the company's own billing system would: the present customers and
 * what is planned for them.
 */

import type { ChangeRecord } from '@holdfast/domain/records.ts';
import { type Instant, instant } from '@holdfast/domain/scalars.ts';
import { agenda } from './agenda.ts';
import { correct } from './growing.ts';
import { left, reconsider, trialLost } from './leaving.ts';
import { occasion } from './occasions.ts';
import { paidOrNot } from './paying.ts';
import { seeded } from './random.ts';
import { review } from './renewal.ts';
import type { SimulatedCurrency } from './segments.ts';
import { comeBack, importCustomer, planSignup, signUp } from './signup.ts';
import type { Happening, Task, World } from './world.ts';

export interface CompanyOptions {
  readonly seed: number;
  /** About how many customers there are after two years. */
  readonly customers: number;
  /** When the stream begins. */
  readonly from: Instant;
  /** Currencies that are charged in; each region has its own where it is listed. Default: USD. */
  readonly currencies?: readonly SimulatedCurrency[];
}

/** Share of the customers that are there on the first day. */
const FROM_THE_START = 0.5;
/** Signups a day for each customer that there shall be after two years. */
const SIGNUPS = 0.00098;
/** Customers of the first day are written one after another. */
const IMPORT_EVERY_MS = 20_000;

const HAPPENINGS = {
  occasion,
  review,
  reconsider,
  left,
  paid_or_not: paidOrNot,
  trial_lost: trialLost,
} as const satisfies Record<string, Happening>;

const perform = (world: World, task: Task, now: Instant): void => {
  switch (task.kind) {
    case 'import':
      importCustomer(world, now);
      if (task.left > 1) {
        const at = instant(now + IMPORT_EVERY_MS);
        world.agenda.plan(at, { kind: 'import', left: task.left - 1 });
      }
      return;
    case 'signup':
      signUp(world, now);
      planSignup(world, now);
      return;
    case 'return':
      comeBack(world, task.customer, task.seats, now);
      return;
    case 'deliver':
      world.said.push(task.record);
      return;
  }
  const { customer, contract } = task;
  if (!customer.contracts.includes(contract)) return;
  if (task.kind === 'correct') correct(world, customer, contract, task, now);
  else HAPPENINGS[task.kind](world, customer, contract, now);
};

/** Records by recorded_at, ascending, without end. The same options give the same records. */
export function* simulateCompany({
  seed,
  customers,
  from,
  currencies = ['USD'],
}: CompanyOptions): Generator<ChangeRecord, never, void> {
  const world: World = {
    random: seeded(seed),
    agenda: agenda<Task>(),
    signups: customers * SIGNUPS,
    currencies,
    said: [],
    counts: { customers: 0, contracts: 0, events: 0 },
  };
  const first = Math.round(customers * FROM_THE_START);
  if (first > 0) world.agenda.plan(from, { kind: 'import', left: first });
  planSignup(world, from);
  for (;;) {
    const next = world.agenda.next();
    // A signup is always planned.
    if (next === undefined) throw new TypeError('nothing is planned');
    perform(world, next.task, next.at);
    yield* world.said;
    world.said.length = 0;
  }
}

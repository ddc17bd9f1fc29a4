/** An API over a ledger that holds a small simulated company, for tests. */

import type { Delta } from '@holdfast/domain/delta.ts';
import { DEFAULT_MEMBER_CAP, DEFAULT_POLICY, type Policy } from '@holdfast/domain/policy.ts';
import { instant } from '@holdfast/domain/scalars.ts';
import { type Ledger, openLedger } from '@holdfast/ledger/ledger.ts';
import { simulateCompany } from '@holdfast/simulation/company.ts';
import { startRun } from '../../../test/machine/run.ts';
import { type Api, type ApiOptions, startApi } from '../src/server.ts';

export const POLICY: Policy = {
  ...DEFAULT_POLICY,
  dimensions: ['segment', 'region'].map((name) => ({ name, cap: DEFAULT_MEMBER_CAP })),
};

const FROM = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;
/** Up to when the sample is told. */
export const AS_OF = Date.UTC(2025, 5, 30, 12);
const STEP_MS = 30 * DAY_MS;

/** What the live machine says of some 60 customers' eighteen months. */
const saidOfCompany = async (): Promise<readonly Delta[]> => {
  const company = simulateCompany({ seed: 5, customers: 60, from: instant(FROM) });
  const run = await startRun(POLICY, 1_000);
  const said: Delta[] = [];
  let next = company.next().value;
  let offset = 0;
  for (let asOf = FROM; asOf < AS_OF; ) {
    asOf = Math.min(asOf + STEP_MS, AS_OF);
    const records = [];
    for (; next.recordedAt <= asOf; next = company.next().value, offset += 1) {
      records.push({ record: next, offset });
    }
    said.push(...(await run.commit({ asOf, records })));
  }
  return said;
};

export interface Sample extends AsyncDisposable {
  readonly api: Api;
  readonly ledger: Ledger;
  readonly said: readonly Delta[];
  /** Errors that callers were told nothing of. */
  readonly failures: readonly unknown[];
}

const CONSOLE_PAGE = Buffer.from('<!doctype html><title>console</title>');

export async function startSample(options: Partial<ApiOptions> = {}): Promise<Sample> {
  const ledger = await openLedger({ policy: POLICY, partitions: 1, path: null });
  const said = await saidOfCompany();
  await ledger.intake.take(0, said, said.length);
  ledger.intake.complete(0, { asOf: AS_OF, nextSequence: said.length });
  const failures: unknown[] = [];
  const api = await startApi({
    ledger,
    clock: { simulated: false, now: () => AS_OF + 1_500 },
    stopwatch: () => performance.now(),
    pipeline: () => ({ lagEvents: null, lastRecordAt: null, events: null, deadLetters: null }),
    host: '127.0.0.1',
    port: 0,
    token: null,
    requestsAMinute: 1_000_000,
    pages: { '/healthz': () => ({ status: 200, contentType: 'text/plain', body: 'alive\n' }) },
    console: new Map([
      ['/', { type: 'text/html', body: CONSOLE_PAGE, gzip: CONSOLE_PAGE, cache: 'no-cache' }],
    ]),
    failed: (path, error) => failures.push({ path, error }),
    ...options,
  });
  return {
    api,
    ledger,
    said,
    failures,
    [Symbol.asyncDispose]: async () => {
      await api.close();
      await ledger.close();
    },
  };
}

/**
 * `pnpm bench:api [customers] [seconds]`: 200 requests a second on the API while the ledger takes in
 * 20,000 live changes of its customers a second, for a minute. Prints latencies and errors; asserts nothing.
 */

import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startApi } from '@holdfast/api/server.ts';
import type { Delta } from '@holdfast/domain/delta.ts';
import { openLedger } from '@holdfast/ledger/ledger.ts';
import { changesOf, deltasOf, END, POLICY } from './ledger-deltas.ts';

const [customers = 10_000, seconds = 60] = process.argv.slice(2).map(Number);
const REQUESTS_A_SECOND = 200;
const DELTAS_A_SECOND = 20_000;
const BATCHES_A_SECOND = 10;
const BATCH = DELTAS_A_SECOND / BATCHES_A_SECOND;
const NOW = END + 86_400_000;
/** Customers taken in together before the clock starts. */
const AT_ONCE = 4_000;

const ledger = await openLedger({ policy: POLICY, partitions: 1, path: null, memoryMiB: 4_096 });
const { intake } = ledger;
const arr = new Float64Array(customers);
const take = async (batch: readonly Delta[]): Promise<void> => {
  const next = intake.position(0).nextSequence + batch.length;
  await intake.take(0, batch, next);
};
for (let from = 0; from < customers; from += AT_ONCE) {
  const count = Math.min(AT_ONCE, customers - from);
  const batch = [...deltasOf(count, from, intake.position(0).nextSequence)];
  for (const delta of batch) {
    if (delta.type !== 'arr_delta') continue;
    const number = Number(delta.customerId.slice('cus_'.length));
    arr[number] = (arr[number] as number) + delta.amountMinor;
  }
  await take(batch);
}
let now = NOW;
const changes = changesOf(arr, intake.position(0).nextSequence, () => now);
const takeLive = async (count: number): Promise<void> => {
  now += 1_000 / BATCHES_A_SECOND;
  await take(Array.from({ length: count }, () => changes.next().value));
  intake.complete(0, { asOf: now, nextSequence: intake.position(0).nextSequence });
};
await takeLive(BATCH);

const failures: unknown[] = [];
const api = await startApi({
  ledger,
  clock: { simulated: false, now: () => now },
  stopwatch: () => performance.now(),
  pipeline: () => ({ lagEvents: null, lastRecordAt: null, events: null, deadLetters: null }),
  host: '127.0.0.1',
  port: 0,
  token: null,
  requestsAMinute: 10_000_000,
  pages: {},
  console: new Map(),
  failed: (path, error) => failures.push({ path, error }),
});

const cpu = process.cpuUsage();
const client = spawn(
  process.execPath,
  [
    fileURLToPath(new URL('api-client.ts', import.meta.url)),
    api.url,
    String(REQUESTS_A_SECOND),
    String(seconds),
  ],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
let said = '';
client.stdout.on('data', (chunk) => {
  said += chunk;
});
const before = intake.size;
const started = performance.now();
for (let batch = 0; client.exitCode === null && batch < seconds * BATCHES_A_SECOND; batch += 1) {
  const wait = started + (batch * 1_000) / BATCHES_A_SECOND - performance.now();
  if (wait > 0) await sleep(wait);
  await takeLive(BATCH);
}
const elapsed = (performance.now() - started) / 1_000;
const taken = intake.size - before;
while (client.exitCode === null) await sleep(50);
const { user, system } = process.cpuUsage(cpu);

console.log(`${cpus().length} cores, ${cpus()[0]?.model}, Node ${process.version}`);
console.log(
  `${customers.toLocaleString('en-US')} customers, ${before.toLocaleString('en-US')} deltas at the beginning, ${intake.size.toLocaleString('en-US')} at the end`,
);
console.log(
  `taken in  ${Math.round(taken / elapsed).toLocaleString('en-US')} deltas a second for ${elapsed.toFixed(0)} s`,
);
console.log(`answered  ${said.trim()} (ms from when each was due)`);
console.log(
  `CPU       ${((user + system) / 1e6).toFixed(0)} s of server and ledger; defects: ${failures.length}`,
);
await api.close();
await ledger.close();

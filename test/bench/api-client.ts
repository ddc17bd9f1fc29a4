/**
 * Asks the API at a steady rate, whatever it answers: a request's time counts from when it was to be
 * sent, so that a server that stalls is not spared what had to wait (no coordinated omission).
 * Started by api.bench.ts: URL, requests a second, seconds; prints one JSON object.
 */

import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const [url = '', rateText = '', secondsText = ''] = process.argv.slice(2);
const [rate, seconds] = [Number(rateText), Number(secondsText)];
const agent = new Agent({ keepAlive: true, maxSockets: 200 });

const DAY_MS = 86_400_000;
const END = Date.UTC(2026, 0, 1);
/** What a console and some analysts ask, each a little differently. */
const pathOf = (number: number): string => {
  const asOf = new Date(END - DAY_MS * (1 + (number % 200))).toISOString().slice(0, 10);
  const paths = [
    '/v1/status',
    '/v1/retention?window=P12M',
    `/v1/retention?window=P12M&by=segment&as_of=${asOf}`,
    '/v1/movements/feed?limit=20',
    `/v1/customers/cus_${number % 1_000}`,
    `/v1/retention?window=P1M&as_of=${asOf}&known_at=${asOf}`,
    '/v1/retention?window=P3M',
    '/v1/explain?window=P12M&limit=20&as_of=2025-12-01',
  ];
  return paths[number % paths.length] as string;
};

const took: number[] = [];
const errors = new Map<string, number>();
const failed = (what: string): void => {
  errors.set(what, (errors.get(what) ?? 0) + 1);
};

const ask = (number: number, due: number): Promise<void> =>
  new Promise((resolve) => {
    get(`${url}${pathOf(number)}`, { agent }, (response) => {
      response.resume();
      response.once('end', () => {
        took.push(performance.now() - due);
        if (response.statusCode !== 200) failed(String(response.statusCode));
        resolve();
      });
    }).once('error', (error) => {
      failed(error.message);
      resolve();
    });
  });

const started = performance.now();
const open: Promise<void>[] = [];
for (let number = 0; number < rate * seconds; number += 1) {
  const due = started + (number * 1_000) / rate;
  const wait = due - performance.now();
  if (wait > 0) await sleep(wait);
  open.push(ask(number, due));
}
await Promise.all(open);
agent.destroy();
took.sort((a, b) => a - b);
const at = (share: number): number =>
  Math.round(took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0);
console.log(
  JSON.stringify({
    requests: open.length,
    errors: Object.fromEntries(errors),
    p50: at(0.5),
    p90: at(0.9),
    p99: at(0.99),
    greatest: at(1),
  }),
);

/**
 * The sections that say who a service is and how it runs; also in the words of docs/CONFIG.md,
 * which is made from them. Reads nothing by itself.
 */

import { z } from 'zod';
import { clockSetting } from './clock.ts';
import { choice, count, hostName, label, type ReadText, text, token } from './kinds.ts';
import { policyFile } from './policy-file.ts';
import { optional, withFallback } from './variable.ts';

export const identitySection = z.object({
  instance: withFallback('HOLDFAST_INSTANCE', label, 'holdfast', {
    about: 'Name of this installation; several may share one Kafka and one Redis.',
  }),
  generation: withFallback('HOLDFAST_GENERATION', label, '1', {
    about: 'The projection to serve; while another one is live, processors stand by.',
  }),
});

export const httpSection = (port: number) =>
  z.object({
    host: withFallback('HOLDFAST_HTTP_HOST', hostName, '127.0.0.1', {
      about: 'Address to serve HTTP on; 0.0.0.0 opens it to the network.',
    }),
    port: withFallback('HOLDFAST_HTTP_PORT', count(0, 65_535, 'a port'), String(port), {
      about: 'Port to serve on; 0 takes a free one.',
    }),
  });

export const publishingSection = z.object({
  metrics: withFallback('HOLDFAST_PUBLISH_METRICS', choice('on', 'off'), 'on', {
    about: 'Whether figures are written to the topic; off for a generation that is only watched.',
  }),
});

export const limitsSection = z.object({
  fetchBytes: withFallback('HOLDFAST_FETCH_BYTES', count(16_384, 67_108_864, 'bytes'), '262144', {
    about: 'Most bytes to fetch from one partition at once; bounds memory and batches.',
  }),
  batchRecords: withFallback('HOLDFAST_BATCH_RECORDS', count(1, 50_000, 'records'), '10000', {
    about: 'Most records to fold in one commit.',
  }),
  customersInMemory: withFallback(
    'HOLDFAST_CUSTOMERS_IN_MEMORY',
    count(0, 10_000_000, 'customers'),
    '100000',
    { about: 'Most customers kept in memory by one process; others are read from Redis.' },
  ),
});

export const ledgerSection = z.object({
  file: optional('HOLDFAST_LEDGER_FILE', text, {
    about: 'File that history is kept in; without it all deltas are read anew at each start.',
  }),
  token: optional('HOLDFAST_LEDGER_TOKEN', token, {
    about: 'Bearer token that every caller of /v1 must send; without it no one is asked.',
    secret: true,
  }),
  requestsAMinute: withFallback(
    'HOLDFAST_LEDGER_REQUESTS_A_MINUTE',
    count(1, 10_000_000, 'requests'),
    '6000',
    { about: 'Most requests of one address in a minute; then 429.' },
  ),
  threads: withFallback('HOLDFAST_LEDGER_THREADS', count(1, 256, 'threads'), '2', {
    about: 'Threads that answer questions.',
  }),
  memoryMiB: withFallback('HOLDFAST_LEDGER_MEMORY_MIB', count(128, 1_048_576, 'MiB'), '1024', {
    about: 'Most memory of the history, beside some 200 bytes a customer of the process itself.',
  }),
});

const logLevel = withFallback(
  'HOLDFAST_LOG_LEVEL',
  choice('debug', 'info', 'warn', 'error', 'silent'),
  'info',
  { about: 'Least severe line to write.' },
);

/** Of services that live on the wall clock and compute no figures. */
export const plainRunSection = z.object({ logLevel });

export const setupSection = z.object({
  partitions: withFallback('HOLDFAST_PARTITIONS', count(1, 10_000, 'partitions'), '4', {
    about: 'Partitions of the input topic where it is missing; they can never be changed.',
  }),
});

export const runSection = (readText: ReadText) =>
  z.object({
    clock: withFallback('HOLDFAST_CLOCK', clockSetting, 'wall', {
      about: "The time the service lives in: the wall's, one instant, or a faster one.",
    }),
    logLevel,
    policy: policyFile(readText),
  });

/**
 * A wrong environment or policy: a service tells every mistake at once and ends with 2, and has
 * not said a word to Kafka, the registry or Redis by then.
 */

import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runToEnd, startChild } from './child.ts';

/** Stands for Kafka, the registry and Redis, and counts who comes. */
const listener = createServer((socket) => {
  visits += 1;
  socket.destroy();
});
let visits = 0;
let address = '';
let folder = '';

beforeAll(async () => {
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  address = `127.0.0.1:${(listener.address() as AddressInfo).port}`;
  folder = mkdtempSync(join(tmpdir(), 'holdfast-e2e-'));
});

afterAll(async () => {
  listener.close();
  await once(listener, 'close');
  rmSync(folder, { recursive: true });
});

const environment = (): Record<string, string> => ({
  HOLDFAST_KAFKA_BOOTSTRAP: address,
  HOLDFAST_REGISTRY_URL: `http://${address}`,
  HOLDFAST_REDIS_URL: `redis://${address}`,
  HOLDFAST_HTTP_PORT: '0',
});

const policyFile = (policy: string): string => {
  const path = join(folder, 'policy.yaml');
  writeFileSync(path, policy);
  return path;
};

describe.each(['processor', 'exporter'])('the %s with a wrong configuration', (service) => {
  test('tells all mistakes of environment and policy at once, connects to nothing and ends with 2', async () => {
    const policy = policyFile(
      [
        'reporting_currency: DOLLAR',
        'time_zone: Mars/Olympus',
        'windows: [P1X]',
        'latenes: P90D',
      ].join('\n'),
    );
    const { code, stdout, stderr } = await runToEnd(service, {
      ...environment(),
      HOLDFAST_KAFKA_SASL_MECHANISM: 'plain',
      HOLDFAST_TOPIC_DELTAS: 'subscription-changes',
      HOLDFAST_INSTANCE: 'not:a:label',
      HOLDFAST_CLOCK: 'tomorrow',
      HOLDFAST_HTTP_PORT: '70000',
      HOLDFAST_REDIS: 'redis://elsewhere',
      HOLDFAST_POLICY_FILE: policy,
    });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    const wanted = [
      'HOLDFAST_KAFKA_USERNAME',
      'HOLDFAST_KAFKA_PASSWORD',
      'HOLDFAST_TOPIC_DELTAS',
      'HOLDFAST_INSTANCE "not:a:label"',
      'HOLDFAST_CLOCK "tomorrow"',
      'HOLDFAST_HTTP_PORT "70000"',
      'HOLDFAST_REDIS is not a variable',
      `${policy}: reporting_currency "DOLLAR"`,
      `${policy}: time_zone "Mars/Olympus"`,
      `${policy}: windows.0 "P1X"`,
      `${policy}: latenes is not a setting`,
    ];
    const [first, ...mistakes] = stderr.trimEnd().split('\n');
    expect(first).toBe(`${service}: the configuration is wrong: ${wanted.length} mistakes`);
    for (const named of wanted) {
      expect(
        mistakes.filter((line) => line.includes(named)),
        named,
      ).toHaveLength(1);
    }
    expect(mistakes).toHaveLength(wanted.length);
    expect(visits).toBe(0);
  });

  test('asks for what must be set, and ends with 2', async () => {
    const { code, stderr } = await runToEnd(service, {});
    expect(code).toBe(2);
    for (const name of ['HOLDFAST_KAFKA_BOOTSTRAP', 'HOLDFAST_REDIS_URL']) {
      expect(stderr).toContain(`${name} is not set`);
    }
  });
});

test('a right configuration does connect: the listener would have seen it', async () => {
  const before = visits;
  await using processor = await startChild('processor', environment());
  await expect.poll(() => visits, { timeout: 60_000 }).toBeGreaterThan(before);
  const ready = await fetch(`${processor.url}/readyz`);
  expect(ready.status).toBe(503);
  expect(await processor.end('SIGTERM')).toBe(0);
});

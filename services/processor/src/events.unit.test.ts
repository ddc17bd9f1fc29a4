import { HoldfastError } from '@holdfast/domain/errors.ts';
import { createLogger } from '@holdfast/telemetry/logger.ts';
import { pipelineMetrics } from '@holdfast/telemetry/pipeline-metrics.ts';
import { describe, expect, it } from 'vitest';
import { workerEvents } from './events.ts';
import { processorStatus } from './status.ts';

const listening = () => {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger({
    service: 'processor',
    level: 'info',
    destination: { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) },
  });
  const status = processorStatus();
  status.joined();
  const clock = { now: () => 0, simulated: false, wait: async () => undefined };
  const events = workerEvents({ metrics: pipelineMetrics(), status, log, clock });
  return { events, status, said: () => lines.map(({ level, message }) => [level, message]), lines };
};

const away = new HoldfastError('store_unavailable', 'connection refused');

describe('what workers tell', () => {
  it('is one line for a trouble however often it is tried again, and one when it is over', () => {
    const { events, status, said, lines } = listening();
    events.claimed(0, 7);
    for (let tries = 0; tries < 5; tries += 1) events.blocked(0, away);
    expect(status.readiness()).toEqual({ ready: false, why: `partition 0: ${away.message}` });
    events.blocked(0, null);
    events.blocked(0, null);
    expect(status.readiness().ready).toBe(true);
    expect(said()).toEqual([
      ['info', 'claimed'],
      ['warn', away.message],
      ['info', 'goes on'],
    ]);
    expect(lines[1]).toMatchObject({
      partition: 0,
      code: 'store_unavailable',
      action: 'Check Redis; nothing is lost meanwhile.',
    });
  });

  it('is another line for another trouble, and for the same one of another partition', () => {
    const { events, said } = listening();
    const other = new HoldfastError('input_unavailable', 'connection refused');
    events.blocked(0, away);
    events.blocked(1, away);
    events.blocked(0, other);
    expect(said()).toEqual([away, away, other].map(({ message }) => ['warn', message]));
  });

  it('is a warning where another owner took a partition over, for nobody asked for that', () => {
    const { events, said, status } = listening();
    events.claimed(0, 1);
    events.claimed(1, 1);
    events.ended(0, 'revoked');
    events.ended(1, 'fenced');
    expect(status.readiness().why).toBe('owns no partition');
    expect(said().slice(2)).toEqual([
      ['info', 'gave the partition up'],
      ['warn', 'another owner took the partition over'],
    ]);
  });
});

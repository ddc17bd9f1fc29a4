import { describe, expect, it } from 'vitest';
import { processorStatus } from './status.ts';

describe('the readiness of a processor', () => {
  it('is given once it has joined the group, also without a partition', () => {
    const status = processorStatus();
    expect(status.readiness()).toEqual({ ready: false, why: 'starting' });
    status.waitingFor('the input log cannot be reached');
    expect(status.readiness()).toEqual({ ready: false, why: 'the input log cannot be reached' });
    status.waitingFor(null);
    status.joined();
    expect(status.readiness()).toEqual({ ready: true, why: 'owns no partition' });
    status.claimed(3);
    status.claimed(0);
    expect(status.readiness()).toEqual({ ready: true, why: 'owns partitions 0, 3' });
    status.ended(3);
    expect(status.readiness()).toEqual({ ready: true, why: 'owns partitions 0' });
  });

  it('is lost while a partition is blocked, whether claimed or not, and says why of each', () => {
    const status = processorStatus();
    status.joined();
    status.claimed(2);
    status.blocked(2, 'Redis is away');
    status.blocked(1, 'Kafka is away');
    expect(status.readiness()).toEqual({
      ready: false,
      why: 'partition 1: Kafka is away; partition 2: Redis is away',
    });
    status.blocked(2, null);
    status.ended(1);
    expect(status.readiness().ready).toBe(true);
    status.blocked(2, 'Redis is away');
    status.claimed(2);
    expect(status.readiness().ready).toBe(true);
  });

  it('is lost when it ends', () => {
    const status = processorStatus();
    status.joined();
    status.ending();
    expect(status.readiness()).toEqual({ ready: false, why: 'ending' });
  });
});

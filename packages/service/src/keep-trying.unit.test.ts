import { HoldfastError, isHoldfastError } from '@holdfast/domain/errors.ts';
import { describe, expect, it } from 'vitest';
import { keepTrying } from './keep-trying.ts';

const away = new HoldfastError('store_unavailable', 'connection refused');

const patience = () => {
  const told: (string | null)[] = [];
  const stop = new AbortController();
  const waits: number[] = [];
  return {
    told,
    stop,
    waits,
    tools: {
      clock: {
        wait: async (ms: number) => {
          waits.push(ms);
        },
      },
      stop: stop.signal,
      waitingFor: (error: HoldfastError | null) => {
        told.push(error?.code ?? null);
      },
    },
  };
};

describe('keep trying', () => {
  it('calls again after a wait until it succeeds, and says what it waits for', async () => {
    const { tools, told, waits } = patience();
    let calls = 0;
    const answer = await keepTrying(tools, async () => {
      calls += 1;
      if (calls < 3) throw away;
      if (calls < 4) throw new HoldfastError('registry_unavailable', 'connection refused');
      return 'there';
    });
    expect(answer).toBe('there');
    expect(told).toEqual(['store_unavailable', 'registry_unavailable', null]);
    expect(waits).toHaveLength(3);
  });

  it('throws at once what trying again cannot help', async () => {
    const { tools, waits } = patience();
    for (const error of [new HoldfastError('policy_changed', 'x'), new TypeError('a defect')]) {
      await expect(keepTrying(tools, () => Promise.reject(error))).rejects.toBe(error);
    }
    expect(waits).toEqual([]);
  });

  it("ends with the signal's reason once that is raised", async () => {
    const { tools, stop } = patience();
    const trying = keepTrying(tools, async () => {
      stop.abort();
      throw away;
    });
    await expect(trying).rejects.toBe(stop.signal.reason);
    expect(isHoldfastError(stop.signal.reason)).toBe(false);
  });
});

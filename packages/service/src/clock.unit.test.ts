import { instant } from '@holdfast/domain/scalars.ts';
import { describe, expect, it } from 'vitest';
import { clockOf } from './clock.ts';

describe('the clock of a service', () => {
  it('is the wall clock and says so', () => {
    const clock = clockOf({ kind: 'wall' }, () => 1234);
    expect([clock.now(), clock.simulated]).toEqual([1234, false]);
  });

  it('stands still where one instant is wanted', () => {
    let wall = 5;
    const clock = clockOf({ kind: 'fixed', at: instant(42) }, () => wall);
    wall = 10_000;
    expect([clock.now(), clock.simulated]).toEqual([42, true]);
  });

  it('starts at the instant given and runs as many times faster, in whole milliseconds', () => {
    let wall = 1_000_000;
    const clock = clockOf({ kind: 'from', from: instant(500), speed: 1.5 }, () => wall);
    expect(clock.now()).toBe(500);
    wall += 3;
    expect(clock.now()).toBe(504);
    expect(clock.simulated).toBe(true);
  });

  it('waits no longer once the signal is raised, and not at all if it was', async () => {
    const { wait } = clockOf({ kind: 'wall' }, Date.now);
    const stop = new AbortController();
    const waiting = wait(3_600_000, stop.signal);
    stop.abort();
    await waiting;
    await wait(3_600_000, stop.signal);
    await wait(0);
  });
});

import { describeWithServices } from '@holdfast/testkit/services.ts';
import { eventually } from '@holdfast/testkit/suites/event-log-harness.ts';
import { expect, onTestFinished, test, vi } from 'vitest';
import { testKafka } from '../testing/harness.ts';
import { withAdmin } from './admin.ts';

describeWithServices('an open connection', (services) => {
  test('neither wakes up for nothing nor makes Node warn', async () => {
    const warnings: string[] = [];
    const warned = (warning: Error): void => {
      warnings.push(warning.name);
    };
    process.on('warning', warned);
    const timer = vi.spyOn(globalThis, 'setTimeout');
    onTestFinished(() => {
      process.off('warning', warned);
      timer.mockRestore();
    });

    await withAdmin(testKafka(services().bootstrap).kafka, async (admin) => {
      await admin.listTopics();
      const since = performance.now();
      await eventually(() => expect(performance.now() - since).toBeGreaterThan(200));
    });

    // kafkajs would ask for a delay counted from 1970, a thousand times a second.
    const delays = timer.mock.calls.map(([, delay]) => delay ?? 0);
    expect(delays.filter((delay) => delay < 0)).toEqual([]);
    expect(warnings).toEqual([]);
  });
});

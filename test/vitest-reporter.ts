/**
 * Counts what ran and tells test/run.ts, over the channel to the parent process. What a person
 * reads comes from Vitest's own reporter.
 */

import type { SerializedError } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';
import type { Outcome } from './outcome.ts';

/** Failures beside tests: files that could not be loaded, hooks that threw. */
const brokenSuites = (modules: readonly TestModule[]): number =>
  modules
    .flatMap((module) => [module, ...module.children.allSuites()])
    .filter((suite) => suite.errors().length > 0).length;

const missingOf = (modules: readonly TestModule[]): string | null => {
  for (const { project } of modules) {
    const { services } = project.getProvidedContext();
    if (services !== undefined && 'missing' in services) {
      return services.missing;
    }
  }
  return null;
};

const outcomeOf = (
  modules: readonly TestModule[],
  unhandled: readonly SerializedError[],
): Outcome => {
  const states = modules.flatMap((module) =>
    [...module.children.allTests()].map((test) => test.result().state),
  );
  const count = (state: string): number => states.filter((one) => one === state).length;
  return {
    passed: count('passed'),
    failed: count('failed') + brokenSuites(modules) + unhandled.length,
    skipped: count('skipped'),
    missing: missingOf(modules),
  };
};

// biome-ignore lint/style/noDefaultExport: Vitest asks a reporter's file for one
export default class implements Reporter {
  onInit(): void {
    // Nobody is left to read: end, and with us the services.
    process.once('disconnect', () => process.exit(1));
    process.channel?.unref();
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    process.send?.({ outcome: outcomeOf(modules, unhandled) });
  }
}

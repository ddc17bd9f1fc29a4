/**
 * The tests that judge a mutant of the domain: its own unit tests first, for they are quick; then
 * the properties and the live machine, over few streams of one seed, so that every run comes to the
 * same verdict. The property of windows is left out: it takes as long as half of all the others,
 * and they hold the same law. Stryker runs them on a copy of the repository; the packages there
 * must import each other, not the originals.
 */

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const root = fileURLToPath(new URL('../..', import.meta.url));

const SLOWER = ['packages/domain/src/', '.property.test.ts', 'test/machine/'];

class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const slowness = ({ moduleId }: TestSpecification): number =>
      SLOWER.findLastIndex((part) => moduleId.includes(part));
    return files.toSorted((a, b) => slowness(a) - slowness(b));
  }
}

// Vitest asks for a default export.
// biome-ignore lint/style/noDefaultExport: see above
export default defineConfig({
  resolve: {
    alias: [{ find: /^@holdfast\/([a-z]+)\/(.*)$/, replacement: `${root}packages/$1/src/$2` }],
  },
  test: {
    root,
    include: [
      'packages/domain/src/**/*.{unit,property}.test.ts',
      '!packages/domain/src/window.property.test.ts',
      'test/machine/{*.property,cases.unit,lines.unit}.test.ts',
      'packages/config/src/policy-hash.unit.test.ts',
    ],
    setupFiles: ['test/vitest-property.ts', 'test/mutation/first-failure.ts'],
    env: { HOLDFAST_STREAMS: '20', HOLDFAST_SEED: '1' },
    isolate: false,
    sequence: { sequencer: QuickestFirst },
    testTimeout: 30_000,
  },
});

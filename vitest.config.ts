/** One vitest project a tier, so that `--project int` picks a tier and only some need services. */

import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { TIERS } from './test/tiers.ts';

// Vitest asks for a default export; it is the only one of the repository.
// biome-ignore lint/style/noDefaultExport: see above
export default defineConfig({
  test: {
    // Most of a run is waiting for servers: even two cores carry two files at once.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: Object.entries(TIERS).map(([name, { services, limitMs }]) => ({
      test: {
        name,
        include: [`{packages,services,test,deploy}/**/*.${name}.test.ts`],
        testTimeout: limitMs,
        hookTimeout: limitMs,
        setupFiles: name === 'property' ? ['test/vitest-property.ts'] : [],
        globalSetup: services ? ['test/vitest-services.ts'] : [],
      },
    })),
  },
});

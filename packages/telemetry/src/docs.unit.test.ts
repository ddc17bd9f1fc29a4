import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { metricDocs } from './docs.ts';

/** A failure here is mended by `node packages/telemetry/src/docs-main.ts`. */
it('docs/METRICS.md says what the definitions say', () => {
  const path = new URL('../../../docs/METRICS.md', import.meta.url);
  expect(readFileSync(path, 'utf8')).toBe(metricDocs());
});

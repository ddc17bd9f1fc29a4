/** Writes docs/METRICS.md: `node packages/telemetry/src/docs-main.ts`. */

import { writeFileSync } from 'node:fs';
import { metricDocs } from './docs.ts';

writeFileSync(new URL('../../../docs/METRICS.md', import.meta.url), metricDocs());

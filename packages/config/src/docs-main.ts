/** Writes docs/CONFIG.md and docs/ERRORS.md: `node packages/config/src/docs-main.ts`. */

import { writeFileSync } from 'node:fs';
import { configDocs, errorDocs } from './docs.ts';

const docs = new URL('../../../docs/', import.meta.url);
writeFileSync(new URL('CONFIG.md', docs), configDocs());
writeFileSync(new URL('ERRORS.md', docs), errorDocs());

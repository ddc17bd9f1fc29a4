import { readFileSync } from 'node:fs';
import { ERRORS } from '@holdfast/domain/errors.ts';
import { describe, expect, it } from 'vitest';
import { configDocs, errorDocs } from './docs.ts';

const docs = (name: string): string =>
  readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');

/** A failure here is mended by `node packages/config/src/docs-main.ts`. */
describe('the generated documentation', () => {
  it('docs/CONFIG.md says what the schemas say', () => {
    expect(docs('CONFIG.md')).toBe(configDocs());
  });

  it('docs/ERRORS.md says what the list of errors says', () => {
    expect(docs('ERRORS.md')).toBe(errorDocs());
    for (const code of Object.keys(ERRORS)) expect(docs('ERRORS.md')).toContain(`| \`${code}\` |`);
  });
});

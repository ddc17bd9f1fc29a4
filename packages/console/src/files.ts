/**
 * The console as files to serve: bundled in memory when a server starts (a third of a second), so
 * that nothing built is kept in the repository and nothing has to be run before. `page/` is what
 * the browser gets; Node itself never loads it.
 */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { build } from 'esbuild';

export interface ConsoleFile {
  /** Content-Type. */
  readonly type: string;
  readonly body: Uint8Array;
  /** The same for a reader that accepts gzip. */
  readonly gzip: Uint8Array;
  /** Cache-Control: what carries its hash in its name never changes. */
  readonly cache: string;
}

/** Content-Security-Policy of every answer: own files only, nothing inline, no other host. */
export const CONSOLE_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PAGE = fileURLToPath(new URL('page/', import.meta.url));
const FOR_EVER = 'public, max-age=31536000, immutable';
const ASK_EACH_TIME = 'no-cache';
const TYPES = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
} as const;

/** By path: `/` and `/assets/...`. */
export async function consoleFiles(): Promise<ReadonlyMap<string, ConsoleFile>> {
  const [{ script, style }, html, icon] = await Promise.all([
    bundle(),
    readFile(`${PAGE}index.html`, 'utf8'),
    readFile(`${PAGE}icon.svg`),
  ]);
  const scriptPath = hashed('console', 'js', script);
  const stylePath = hashed('console', 'css', style);
  const iconPath = hashed('icon', 'svg', icon);
  const page = html
    .replace('{{script}}', scriptPath)
    .replace('{{style}}', stylePath)
    .replace('{{icon}}', iconPath);
  return new Map([
    ['/', await file('html', Buffer.from(page), ASK_EACH_TIME)],
    [scriptPath, await file('js', script, FOR_EVER)],
    [stylePath, await file('css', style, FOR_EVER)],
    [iconPath, await file('svg', icon, FOR_EVER)],
  ]);
}

async function bundle(): Promise<{ script: Uint8Array; style: Uint8Array }> {
  const { outputFiles } = await build({
    entryPoints: [`${PAGE}main.tsx`, `${PAGE}page.css`],
    outdir: PAGE,
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'silent',
  });
  const made = (suffix: string): Uint8Array => {
    const found = outputFiles.find(({ path }) => path.endsWith(suffix));
    if (found === undefined) throw new Error(`the console's bundle has no ${suffix}`);
    return found.contents;
  };
  return { script: made('.js'), style: made('.css') };
}

const compress = promisify(gzip);

async function file(
  kind: keyof typeof TYPES,
  body: Uint8Array,
  cache: string,
): Promise<ConsoleFile> {
  return { type: TYPES[kind], body, gzip: await compress(body), cache };
}

function hashed(name: string, suffix: string, body: Uint8Array): string {
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 10);
  return `/assets/${name}-${hash}.${suffix}`;
}

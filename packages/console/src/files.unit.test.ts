import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { CONSOLE_CSP, consoleFiles } from './files.ts';

const files = await consoleFiles();
const text = (path: string): string => Buffer.from(files.get(path)?.body ?? []).toString();

test('all of it together stays under 150 KB gzipped', () => {
  const bytes = [...files.values()].reduce((sum, { gzip }) => sum + gzip.byteLength, 0);
  expect(bytes).toBeLessThan(150_000);
  for (const { body, gzip } of files.values()) {
    expect(Buffer.from(gunzipSync(gzip)).equals(body)).toBe(true);
  }
});

test('the page names only files that are served, each by the hash of its content', () => {
  const named = [...text('/').matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path);
  expect(named).toHaveLength(3);
  for (const path of named) expect(files.has(path as string)).toBe(true);
});

test('nothing on the page needs a looser security policy', () => {
  expect(text('/')).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/);
  expect(CONSOLE_CSP).not.toMatch(/unsafe|https?:|\*/);
});

test('no file names another host, but for names of XML namespaces', () => {
  for (const path of files.keys()) {
    const hosts = [...text(path).matchAll(/https?:\/\/[\w.-]+/g)].map(([host]) => host);
    expect(hosts.filter((host) => host !== 'http://www.w3.org')).toEqual([]);
  }
});

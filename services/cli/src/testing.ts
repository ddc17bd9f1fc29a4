/** Calls as the tests make them: files in a folder of their own, streams caught. Tests only. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { World } from '@holdfast/command/world.ts';
import { run } from './run.ts';

/** What is the present for the tests, unless they say otherwise. */
export const TEST_NOW = Date.parse('2026-11-22T12:00:00Z');

export interface Called {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

export async function call(words: readonly string[], world: Partial<World> = {}): Promise<Called> {
  let [out, err] = ['', ''];
  const exit = await run(words, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    redraw: null,
    now: () => TEST_NOW,
    ...world,
  });
  return { exit, out, err };
}

export interface Folder {
  path(name: string): string;
  /** Writes a file and answers its path. */
  write(name: string, content: string | Uint8Array): string;
  remove(): void;
}

export function folder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'holdfast-cli-'));
  return {
    path: (name) => join(path, name),
    write: (name, content) => {
      const file = join(path, name);
      writeFileSync(file, content);
      return file;
    },
    remove: () => rmSync(path, { recursive: true }),
  };
}

/** Records as a file holds them. */
export const jsonLines = (records: readonly object[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

/** An active subscription at so many cents a year. */
export const subscribed = (customer: string, at: string, cents: number, more: object = {}) => ({
  type: 'subscription_changed',
  event_id: `${customer} ${at}`,
  customer_id: customer,
  subscription_id: 's',
  version: Date.parse(at),
  recorded_at: at,
  effective_at: at,
  status: cents === 0 ? 'ended' : 'active',
  items:
    cents === 0
      ? []
      : [{ product_id: 'core', amount_minor: cents, currency: 'USD', interval: 'year' }],
  ...more,
});

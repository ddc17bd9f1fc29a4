import { expect, it } from 'vitest';
import { call, folder, jsonLines, subscribed } from './testing.ts';

it('stands on a terminal while a call reads a file', async () => {
  const files = folder();
  const events = files.write(
    'events.jsonl',
    jsonLines([subscribed('a', '2026-01-01T00:00:00Z', 1)]),
  );
  const drawn: string[] = [];
  let at = Date.UTC(2026, 6);
  await call(['check', '--events', events], {
    redraw: (text) => void drawn.push(text),
    now: () => {
      at += 3000;
      return at;
    },
  });
  expect(drawn.at(0)).toContain('reading events.jsonl [');
  expect(drawn.at(-1)).toBe('');
  files.remove();
});

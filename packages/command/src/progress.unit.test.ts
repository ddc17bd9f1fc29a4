import { expect, it } from 'vitest';
import { megabytes, progress } from './progress.ts';

/** Each look at the clock is later by so much. */
const world = (stepMs: number) => {
  const drawn: string[] = [];
  let at = 0;
  const now = (): number => {
    at += stepMs;
    return at;
  };
  const redraw = (text: string): void => void drawn.push(text);
  return { drawn, world: { out: () => {}, err: () => {}, redraw, now } };
};

const reading = (file: string, total: number) => ({
  doing: `reading ${file}`,
  total,
  amount: megabytes,
});

it('is not seen where a file takes less than two seconds', () => {
  const { drawn, world: fast } = world(100);
  const shown = progress(fast, reading('events.jsonl', 1000));
  for (let block = 0; block < 10; block += 1) shown.add(100);
  shown.end();
  expect(drawn).toEqual([]);
});

it('shows how far a file is read after two seconds, and is gone at its end', () => {
  const { drawn, world: slow } = world(1000);
  const shown = progress(slow, reading('events.jsonl', 8_000_000));
  for (let block = 0; block < 4; block += 1) shown.add(2_000_000);
  shown.end();
  expect(drawn).toEqual([
    'reading events.jsonl [============            ] 50% 4 MB',
    'reading events.jsonl [==================      ] 75% 6 MB',
    'reading events.jsonl [========================] 100% 8 MB',
    '',
  ]);
});

it('shows only how much was read where the whole is not known', () => {
  const { drawn, world: slow } = world(3000);
  const shown = progress(slow, reading('pipe', 0));
  shown.add(1_234_000_000);
  expect(drawn).toEqual(['reading pipe 1,234 MB']);
});

it('is redrawn at most ten times a second', () => {
  const { drawn, world: slow } = world(10);
  const shown = progress(slow, reading('events.jsonl', 0));
  for (let block = 0; block < 400; block += 1) shown.add(1);
  expect(drawn.length).toBeLessThanOrEqual(21);
  expect(drawn.length).toBeGreaterThan(10);
});

import { describe, expect, it } from 'vitest';
import { day, liveRules, tell } from './fold-fixtures.ts';
import type { ChangeRecord } from './records.ts';
import { at, item, profile, subscription } from './report-fixtures.ts';
import { instant } from './scalars.ts';

const rules = liveRules({ dimensions: [{ name: 'segment', cap: 50 }] });
const NOW = at('2025-06-01');

/** What is announced after the records: kind, instant and the event that made it so. */
const announced = (...records: readonly ChangeRecord[]): readonly string[] =>
  tell(rules, records, NOW).customer.announced.map(
    ({ kind, effectiveAt, cause }) => `${kind} ${day(effectiveAt)} by ${cause.eventId}`,
  );

const phase = (on: string, arr: number) => ({
  effectiveAt: instant(at(on)),
  status: 'active' as const,
  items: [item(arr)],
});
const sub = (
  eventId: string,
  on: string,
  arr: number,
  more: Parameters<typeof subscription>[3] = {},
): ChangeRecord => subscription('a', on, arr, { eventId, recordedAt: NOW, ...more });
const who = (eventId: string, on: string, segment: string): ChangeRecord => ({
  ...profile('a', on, { segment }),
  eventId,
});

describe('what is still to come', () => {
  it('is announced by the record that says it, in the order of time', () => {
    const scheduled = [phase('2025-08-01', 120), phase('2026-01-01', 90)];
    expect(
      announced(
        sub('e1', '2025-01-01', 100, { scheduled }),
        who('p1', '2025-01-01', 'smb'),
        who('p2', '2025-09-01', 'mid'),
      ),
    ).toEqual([
      'movement 2025-08-01 by e1',
      'classification 2025-09-01 by p2',
      'movement 2026-01-01 by e1',
    ]);
  });

  it('is what lies after the as-of, not at it', () => {
    expect(announced(sub('e1', '2025-06-01', 100))).toEqual([]);
    expect(announced(sub('e1', '2025-06-01T00:00:00.001Z', 100))).toEqual([
      'movement 2025-06-01T00:00:00.001Z by e1',
    ]);
    expect(announced(who('p1', '2025-01-01', 'a'), who('p2', '2025-06-01', 'b'))).toEqual([]);
  });

  it('keeps who announced it while later records leave it as it is', () => {
    const first = sub('e1', '2025-01-01', 100, { scheduled: [phase('2025-08-01', 120)] });
    expect(announced(first, sub('e2', '2025-02-01', 5, { id: 't' }))).toEqual([
      // The movement is another now: from 105 to 125.
      'movement 2025-08-01 by e2',
    ]);
    expect(announced(first, sub('e2', '2025-10-01', 5, { id: 't' }))).toEqual([
      'movement 2025-08-01 by e1',
      'movement 2025-10-01 by e2',
    ]);
    expect(announced(first, who('p1', '2025-01-01', 'smb'))).toEqual(['movement 2025-08-01 by e1']);
  });

  it('keeps of several each its own announcer, at one instant also by kind', () => {
    expect(
      announced(
        who('p1', '2025-01-01', 'smb'),
        sub('e1', '2025-08-01', 100),
        sub('e2', '2025-10-01', 120, { version: at('2026-01-01') }),
        who('p2', '2025-10-01', 'mid'),
        who('p3', '2025-11-01', 'large'),
        sub('e3', '2025-12-01', 5, { id: 't' }),
      ),
    ).toEqual([
      'movement 2025-08-01 by e1',
      'movement 2025-10-01 by e2',
      'classification 2025-10-01 by p2',
      'classification 2025-11-01 by p3',
      'movement 2025-12-01 by e3',
    ]);
  });

  it('is announced anew by the record that makes it another', () => {
    const first = sub('e1', '2025-01-01', 100, { scheduled: [phase('2025-08-01', 120)] });
    const second = sub('e2', '2025-02-01', 100, {
      version: NOW,
      scheduled: [phase('2025-08-01', 130)],
    });
    expect(announced(first, second)).toEqual(['movement 2025-08-01 by e2']);
    expect(announced(first, sub('e3', '2025-02-01', 100, { version: NOW }))).toEqual([]);
  });

  it('does not say the first classification, which is said at once', () => {
    expect(announced(who('p1', '2025-09-01', 'smb'))).toEqual([]);
    expect(announced(who('p1', '2025-09-01', 'smb'), who('p2', '2025-10-01', 'mid'))).toEqual([
      'classification 2025-10-01 by p2',
    ]);
  });

  it('keeps who announced a classification, unless it becomes another', () => {
    const three = [
      who('p1', '2025-01-01', 'smb'),
      who('p2', '2025-09-01', 'mid'),
      sub('e1', '2025-07-01', 10),
    ];
    expect(announced(...three)).toEqual([
      'movement 2025-07-01 by e1',
      'classification 2025-09-01 by p2',
    ]);
    expect(announced(...three, who('p3', '2025-08-01', 'mid'))).toEqual([
      'movement 2025-07-01 by e1',
      'classification 2025-08-01 by p3',
    ]);
  });

  it('tells a movement from a classification of the same instant', () => {
    const records = [
      who('p1', '2025-01-01', 'smb'),
      sub('e1', '2025-07-01', 10),
      who('p2', '2025-07-01', 'mid'),
      sub('e2', '2025-12-01', 20),
    ];
    expect(announced(...records)).toEqual([
      'movement 2025-07-01 by e1',
      'classification 2025-07-01 by p2',
      'movement 2025-12-01 by e2',
    ]);
  });

  it('carries when its record became known', () => {
    const late = { ...sub('e1', '2025-07-01', 10), recordedAt: instant(at('2025-05-01')) };
    const { customer } = tell(rules, [who('p1', '2025-05-20', 'smb'), late], NOW);
    expect(customer.announced).toEqual([
      {
        kind: 'movement',
        effectiveAt: at('2025-07-01'),
        cause: { eventId: 'e1', source: '', offset: 1, knownAt: at('2025-05-20') },
      },
    ]);
  });
});

import { expect, test } from 'vitest';
import {
  afterWindow,
  calendarIn,
  isDay,
  monthEnd,
  monthStart,
  monthsBefore,
  shiftDays,
} from './dates.ts';

test('a day alone is that day in every time zone', () => {
  expect(calendarIn('America/Los_Angeles').date('2026-10-31')).toBe('31 Oct 2026');
  expect(calendarIn('America/Los_Angeles').date('2026-10-31T03:00:00.000Z')).toBe('30 Oct 2026');
  expect(calendarIn('Asia/Tokyo').day('2026-10-31T20:00:00.000Z')).toBe('2026-11-01');
});

test('days and month ends step over years and leap days', () => {
  expect(shiftDays('2024-02-28', 1)).toBe('2024-02-29');
  expect(shiftDays('2027-01-01', -1)).toBe('2026-12-31');
  expect(monthEnd('2024-01-15', 1)).toBe('2024-02-29');
  expect(monthEnd('2026-01-31', -1)).toBe('2025-12-31');
  expect(monthStart('2026-01-31', -24)).toBe('2024-01-01');
});

test('a month before the 31st is the last of a shorter month', () => {
  expect(monthsBefore('2026-03-31T10:00:00.000Z', 1)).toBe('2026-02-28T10:00:00.000Z');
  expect(monthsBefore('2026-01-15T10:00:00.000Z', 1)).toBe('2025-12-15T10:00:00.000Z');
});

test('the first date with a figure lies a window after the first event', () => {
  expect(afterWindow('2026-01-31T00:00:00.000Z', 'P12M')).toBe('2027-01-31T00:00:00.000Z');
  expect(afterWindow('2026-01-31T00:00:00.000Z', 'P1M')).toBe('2026-02-28T00:00:00.000Z');
  expect(afterWindow('2026-01-31T00:00:00.000Z', 'P2W')).toBe('2026-02-14T00:00:00.000Z');
});

test('an impossible day is none', () => {
  expect(isDay('2026-02-30')).toBe(false);
  expect(isDay('2026-02-28')).toBe(true);
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Progress } from '../exec/types.ts';
import { createProgressLine, describeProgress } from './progress.ts';

const PROGRESS: Progress = { requests: 12, estimatedRequests: 45, pages: 11, rows: 2200, waiting: undefined };

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

const line = (isTerminal: boolean) => {
  const written: string[] = [];
  const progress = createProgressLine({ write: (text) => void written.push(text), isTerminal, width: 200 }, Date.now);
  return { progress, taken: (): string => written.splice(0).join('') };
};

test('says calls of the estimate, pages, rows, the wait for quota as it runs down, and what is left', () => {
  const waiting = { bucket: 'users', untilMs: 14_000 };
  const progress = { ...PROGRESS, waiting, remainingMs: 40_000 };
  expect(describeProgress(progress, 0)).toBe(
    '12 of about 45 requests, 11 pages, 2200 rows, waiting 14 s for the rate limit of users, about 40 s left',
  );
  expect(describeProgress({ ...progress, remainingMs: 7_300_000 }, 9_500)).toContain('waiting 5 s for the rate limit of users, about 2 h');
  expect(describeProgress({ ...PROGRESS, estimatedRequests: undefined }, 0)).toBe('12 requests, 11 pages, 2200 rows');
});

test('on a terminal the line appears after half a second, and is taken away', () => {
  const { progress, taken } = line(true);
  progress.update(PROGRESS);
  vi.advanceTimersByTime(400);
  expect(taken()).toBe('');
  vi.advanceTimersByTime(300);
  expect(taken()).toContain('12 of about 45 requests');
  progress.clear();
  expect(taken()).toBe('\r\u001b[2K');
  vi.advanceTimersByTime(60_000);
  expect(taken()).toBe('');
});

test('elsewhere a line comes every ten seconds, also while rows are printed, until the end', () => {
  const { progress, taken } = line(false);
  progress.update(PROGRESS);
  vi.advanceTimersByTime(9_000);
  progress.clear();
  progress.update({ ...PROGRESS, rows: 2400 });
  vi.advanceTimersByTime(2_000);
  expect(taken()).toBe('progress: 12 of about 45 requests, 11 pages, 2400 rows\n');
  vi.advanceTimersByTime(20_000);
  expect(taken().split('\n').length).toBe(3);
  progress.end();
  vi.advanceTimersByTime(60_000);
  expect(taken()).toBe('');
});

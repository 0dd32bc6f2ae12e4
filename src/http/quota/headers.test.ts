import { describe, expect, it } from 'vitest';
import { readRateHeaders } from './headers.ts';

const NOW = Date.UTC(2026, 0, 1);
const DATE = new Date(NOW).toUTCString();

describe('rate-limit headers', () => {
  it.each([
    [
      'Okta',
      { date: DATE, 'x-rate-limit-limit': '600', 'x-rate-limit-remaining': '599', 'x-rate-limit-reset': String(NOW / 1000 + 42) },
      { limit: 600, remaining: 599, resetsAt: NOW + 42_000, date: NOW, retryAfterMs: undefined },
    ],
    [
      'GitHub',
      { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 42) },
      { limit: 5000, remaining: 0, resetsAt: NOW + 42_000, date: undefined, retryAfterMs: undefined },
    ],
    [
      'the draft standard',
      { date: DATE, 'ratelimit-limit': '100, 100;w=60', 'ratelimit-remaining': '7', 'ratelimit-reset': '30' },
      { limit: 100, remaining: 7, resetsAt: NOW + 30_000, date: NOW, retryAfterMs: undefined },
    ],
    [
      'durations',
      { date: DATE, 'x-ratelimit-limit-requests': '60', 'x-ratelimit-remaining-requests': '59', 'x-ratelimit-reset-requests': '1m2.5s' },
      { limit: 60, remaining: 59, resetsAt: NOW + 62_500, date: NOW, retryAfterMs: undefined },
    ],
    [
      'Retry-After as a date',
      { date: DATE, 'retry-after': new Date(NOW + 9_000).toUTCString() },
      { limit: undefined, remaining: undefined, resetsAt: undefined, date: NOW, retryAfterMs: 9_000 },
    ],
    ['none', {}, { limit: undefined, remaining: undefined, resetsAt: undefined, date: undefined, retryAfterMs: undefined }],
  ])('of %s are read', (_, headers, expected) => {
    expect(readRateHeaders(headers as Readonly<Record<string, string>>, NOW)).toEqual(expected);
  });
});

import type { BucketState, Clock } from '../types.ts';
import type { QuotaGate } from './gate.ts';

export interface QuotaScheduler extends QuotaGate {
  readonly buckets: (org: string) => readonly BucketState[];
  readonly close: () => void;
}

export function createQuotaScheduler(_options: {
  readonly clock: Clock;
  readonly random: () => number;
  readonly statsSink?: (org: string, state: BucketState) => void;
}): QuotaScheduler {
  return { acquire: async () => ({ answered: () => undefined, unsent: () => {}, release: () => {} }), buckets: () => [], close: () => {} };
}

import type { MethodFacts } from '../../../src/catalog/overlay.ts';

/** Rate-limit buckets with the requests a minute of a Workforce org: the first that fits. Response headers correct the figures. */
const BUCKETS: readonly {
  readonly fits: (http: string, path: string) => boolean;
  readonly bucket: string;
  readonly limitPerMinute: number;
}[] = [
  { fits: (http, path) => http === 'GET' && /^\/users\/[^/]+$/.test(path), bucket: 'user', limitPerMinute: 2000 },
  { fits: (_, path) => /^\/users(\/|$)/.test(path), bucket: 'users', limitPerMinute: 600 },
  { fits: (_, path) => /^\/groups\/(?!rules$)[^/]+$/.test(path), bucket: 'group', limitPerMinute: 1000 },
  { fits: (_, path) => /^\/groups(\/|$)/.test(path), bucket: 'groups', limitPerMinute: 500 },
  { fits: (_, path) => /^\/apps\/[^/]+$/.test(path), bucket: 'app', limitPerMinute: 500 },
  { fits: (_, path) => /^\/apps(\/|$)/.test(path), bucket: 'apps', limitPerMinute: 100 },
  { fits: (_, path) => /^\/logs$/.test(path), bucket: 'logs', limitPerMinute: 120 },
  { fits: () => true, bucket: 'other', limitPerMinute: 1200 },
];

/** The bucket that an operation draws on. */
export function bucketOf(http: string, path: string): Pick<MethodFacts, 'bucket' | 'limitPerMinute'> {
  const short = path.replace(/^\/api\/v1/, '').split('?')[0] ?? '';
  const found = BUCKETS.find(({ fits }) => fits(http, short));
  return found === undefined ? {} : { bucket: found.bucket, limitPerMinute: found.limitPerMinute };
}

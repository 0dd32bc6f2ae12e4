import type { OverlaySubject, ResourceOverlay } from '../../../src/catalog/builder/build.ts';
import type { MethodFacts } from '../../../src/catalog/overlay.ts';
import { applicationFacts } from './application.ts';
import { bucketOf } from './buckets.ts';
import { directoryFacts } from './directory.ts';
import { logFacts } from './log.ts';
import { pageSizeOf } from './pages.ts';
import { kinship } from './parents.ts';
import { policyFacts } from './policy.ts';
import { settingsFacts } from './settings.ts';

/** What no rule gives, by relation. */
const FACTS: Readonly<Record<string, ResourceOverlay>> = {
  ...directoryFacts,
  ...applicationFacts,
  ...policyFacts,
  ...logFacts,
  ...settingsFacts,
};

/** Okta says so by this code alone: a 404 without it comes from somewhere else. */
const NOT_FOUND = ['E0000007'];

/** The planner's facts about a resource of the Okta provider: what follows from its paths, and over it what is written down. */
export function oktaOverlay(subject: OverlaySubject): ResourceOverlay {
  const written = FACTS[subject.relation];
  const derived = kinship(subject);
  const methods: Record<string, MethodFacts> = {};
  for (const { name, http, path, query } of subject.methods) {
    const pageSize = pageSizeOf(http, path, query);
    methods[name] = {
      ...bucketOf(http, path),
      ...(pageSize === undefined ? {} : { pageSize }),
      ...(http === 'GET' ? { notFound: NOT_FOUND } : {}),
      ...written?.methods?.[name],
    };
  }
  const { identity = {}, ...relation } = {
    ...derived,
    ...written?.relation,
    identity: { ...derived.identity, ...written?.relation?.identity },
  };
  return {
    relation: { ...relation, ...(Object.keys(identity).length === 0 ? {} : { identity }) },
    methods: { ...written?.methods, ...methods },
  };
}

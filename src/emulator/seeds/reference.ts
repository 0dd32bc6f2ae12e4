import { assignMembers } from '../families/apps/assignments.ts';
import { APPS } from '../families/apps/store.ts';
import type { Org } from '../org.ts';
import type { SeedOptions } from '../types.ts';
import { bulkUsers } from './bulk-users.ts';
import { makeAdministrators, makeTokens, planAdministrators } from './reference/administrators.ts';
import { assignApps, makeApps, planApps } from './reference/apps.ts';
import { draftUsers } from './reference/drafts.ts';
import { makeFactors } from './reference/factors.ts';
import { planGroups, planMembers, planRules } from './reference/group-plan.ts';
import { makeGroups, makeOwners, makeRules } from './reference/groups.ts';
import { makeLog } from './reference/log.ts';
import { makePolicies } from './reference/policies.ts';
import { createTimes } from './reference/times.ts';
import { makeUsers } from './reference/users.ts';

/**
 * The reference org: 12,000 users and all that belongs to them, in exact numbers, so that the answer to every task over it is known (reference.test.ts has
 * the numbers). What depends on each other is planned first, then made in order of ids.
 */
export function reference(org: Org, options: SeedOptions): void {
  const times = createTimes(org);
  const drafts = draftUsers(org, times);
  const administrators = planAdministrators(org, drafts);
  const apps = planApps(org);
  const groups = planGroups(org);
  const rules = planRules(org, groups, drafts);
  planMembers(org, groups, rules, drafts, administrators.byGroup);

  makeUsers(org, times, drafts);
  makeFactors(org, times, drafts, {
    strong: new Set(administrators.supers.slice(0, 3).map((draft) => draft.id)),
    weak: new Set(administrators.supers.slice(3).map((draft) => draft.id)),
  });
  const provisioned = apps.filter((app) => app.mode === 'SAML_2_0' && app.status === 'ACTIVE').slice(1, 12);
  makeGroups(
    org,
    times,
    groups,
    provisioned.map((app) => app.id),
  );
  makeRules(org, times, rules);
  makeOwners(org, times, groups, drafts);
  makeAdministrators(org, times, administrators, groups);
  makeTokens(org, times, administrators, drafts);
  makeApps(org, times, apps, makePolicies(org, times), administrators.supers[0]?.id ?? '');
  assignApps(
    org,
    times,
    apps,
    new Map(
      org
        .collection(APPS)
        .list()
        .map((app) => [app.id, app]),
    ),
    groups,
    drafts,
  );
  makeLog(
    org,
    times,
    drafts,
    administrators.direct.slice(0, 22).map((draft) => draft.id),
  );

  bulkUsers(org, options.users);
  if (options.users > 0) assignMembers(org);
}

import { APPS, appGroups } from '../../src/emulator/families/apps/store.ts';
import { POLICIES, rulesOf } from '../../src/emulator/families/policies/store.ts';
import { memberIds } from '../../src/emulator/membership.ts';
import { assignments } from './applications.ts';
import type { Row, Task } from './task.ts';

/** Everything of a kind, as a backup reads it. */
export const backup: readonly Task[] = [
  {
    name: '43: every user',
    sql: 'SELECT id, status FROM okta.user.users',
    answer: (org) => [...org.users.values()].map((user) => [user.id, user.status]),
    floor: 60,
  },
  {
    name: '43: every membership',
    sql: 'SELECT g.id, m.id FROM okta.group.groups g JOIN okta.group.users m ON m.groupId = g.id',
    answer: (org) => org.groups.list().flatMap((group) => memberIds(org, group.id).map((id): Row => [group.id, id])),
    floor: 5 + 1229,
  },
  {
    name: '43: every assignment of a user',
    sql: 'SELECT a.id, x.id, x.scope FROM okta.application.apps a JOIN okta.application.users x ON x.appId = a.id',
    answer: (org) => assignments(org, org.collection(APPS).list()).map(({ app, userId, scope }) => [app.id, userId, scope]),
    floor: 2 + 387,
    emptyPages: 1,
  },
  {
    name: '43: every assignment of a group',
    sql: 'SELECT a.id, x.id FROM okta.application.apps a JOIN okta.application.groups x ON x.appId = a.id',
    answer: (org) =>
      org
        .collection(APPS)
        .list()
        .flatMap((app) =>
          appGroups(org)
            .rightsOf(app.id)
            .map((id): Row => [app.id, id]),
        ),
    floor: 2 + 300,
  },
  {
    name: '43: every policy of every type',
    sql: 'SELECT type, id, status FROM okta.policy.policies',
    answer: (org) =>
      org
        .collection(POLICIES)
        .list()
        .map((policy) => [policy.type, policy.id, policy.status]),
    floor: 12,
  },
  {
    name: '43: every rule of every policy',
    sql: 'SELECT p.id, r.id FROM okta.policy.policies p JOIN okta.policy.rules r ON r.policyId = p.id',
    answer: (org) =>
      org
        .collection(POLICIES)
        .list()
        .flatMap((policy) => rulesOf(org, policy.id).map((rule): Row => [policy.id, rule.id])),
    floor: 12 + 20,
  },
];

import { appGroups } from '../../src/emulator/families/apps/store.ts';
import { groupOwners } from '../../src/emulator/families/groups/owners.ts';
import { memberIds } from '../../src/emulator/membership.ts';
import { attribute, type Row, type Task } from './task.ts';

const GROUP_SALES = '00gSALES000000000001';

/** Groups, the rules that fill them, and who answers for them. */
export const groups: readonly Task[] = [
  {
    name: '14: groups that are empty and used by no app and no rule',
    sql: `SELECT g.id, json_extract(g.profile,'$.name') AS name
      FROM okta.group.groups g
      WHERE g.expand = 'stats' AND g.type = 'OKTA_GROUP'
        AND CAST(json_extract(g._embedded,'$.stats.usersCount') AS INTEGER) = 0
        AND CAST(json_extract(g._embedded,'$.stats.appsCount') AS INTEGER) = 0
        AND g.id NOT IN (SELECT j.value FROM okta.group.rules r, json_each(json_extract(r.actions,'$.assignUserToGroups.groupIds')) j);`,
    answer: (org) => {
      const targets = new Set(org.groupRules.list().flatMap((rule) => rule.groupIds));
      return org.groups
        .filter(
          (group) =>
            group.type === 'OKTA_GROUP' &&
            memberIds(org, group.id).length === 0 &&
            appGroups(org).leftsOf(group.id).length === 0 &&
            !targets.has(group.id),
        )
        .map((group) => [group.id, attribute(group, 'name')]);
    },
    floor: 6,
  },
  {
    name: '16: rules that are off, point nowhere or exclude many',
    sql: `SELECT r.id, r.name, r.status, t.value AS group_id, json_extract(r.conditions,'$.expression.value') AS expr,
             json_array_length(json_extract(r.conditions,'$.people.users.exclude')) AS excluded
      FROM okta.group.rules r
      CROSS JOIN json_each(json_extract(r.actions,'$.assignUserToGroups.groupIds')) t
      LEFT JOIN okta.group.groups g ON g.id = t.value
      WHERE r.status <> 'ACTIVE' OR g.id IS NULL
         OR json_array_length(json_extract(r.conditions,'$.people.users.exclude')) > 80;`,
    answer: (org) =>
      org.groupRules
        .list()
        .flatMap((rule) => rule.groupIds.map((groupId) => ({ rule, groupId })))
        .filter(({ rule, groupId }) => rule.status !== 'ACTIVE' || !org.groups.has(groupId) || rule.excludedUsers.length > 80)
        .map(({ rule, groupId }): Row => {
          // A rule that excludes nobody says nothing of people.
          const hasPeople = rule.excludedUsers.length + rule.excludedGroups.length > 0;
          return [rule.id, rule.name, rule.status, groupId, rule.expression, hasPeople ? rule.excludedUsers.length : null];
        }),
    floor: 7,
    // 400 rules and 1,000 groups fill their pages exactly.
    emptyPages: 2,
  },
  {
    name: '17: whom a rule on the department would add',
    sql: `SELECT u.id, u.profile->>'login' AS login
      FROM okta.user.users u
      WHERE u.status = 'ACTIVE' AND u.profile->>'department' = 'Sales'
        AND u.id NOT IN (SELECT m.id FROM okta.group.users m WHERE m.groupId = '00gSALES000000000001');`,
    answer: (org) =>
      [...org.users.values()]
        .filter((user) => user.status === 'ACTIVE' && user.profile.department === 'Sales' && !memberIds(org, GROUP_SALES).includes(user.id))
        .map((user) => [user.id, attribute(user, 'login')]),
    floor: 11,
  },
  {
    name: '18: groups without an owner, or owned by people who left',
    sql: `SELECT g.id, g.profile.name AS name, o.id AS owner, u.status
      FROM okta.group.groups g
      LEFT JOIN okta.group.owners o ON o.groupId = g.id
      LEFT JOIN okta.user.users u ON u.id = o.id
      WHERE g.type = 'OKTA_GROUP' AND (o.id IS NULL OR u.status = 'DEPROVISIONED');`,
    answer: (org) =>
      org.groups
        .filter((group) => group.type === 'OKTA_GROUP')
        .flatMap((group): Row[] => {
          const name = attribute(group, 'name');
          const owners = org.collection(groupOwners).by(group.id);
          if (owners.length === 0) return [[group.id, name, null, null]];
          return owners
            .filter((owner) => org.users.get(owner.ownerId)?.status === 'DEPROVISIONED')
            .map((owner): Row => [group.id, name, owner.ownerId, 'DEPROVISIONED']);
        }),
    floor: 706,
  },
];

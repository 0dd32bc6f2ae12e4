import { appUserOf } from '../../src/emulator/families/apps/assignments.ts';
import { keysOf } from '../../src/emulator/families/apps/keys.ts';
import { APPS, type App, appGroups, appUsers } from '../../src/emulator/families/apps/store.ts';
import { valueAt } from '../../src/emulator/filter/compile.ts';
import { isMember } from '../../src/emulator/membership.ts';
import type { Org } from '../../src/emulator/org.ts';
import { ago, attribute, byText, iso, type Row, type Task } from './task.ts';

const APP_X = '0oaX0000000000000001';

/** Every assignment of a user to an app. */
export function assignments(
  org: Org,
  apps: readonly App[],
): readonly { readonly app: App; readonly userId: string; readonly scope: string }[] {
  return apps.flatMap((app) =>
    appUsers(org)
      .rightsOf(app.id)
      .map((userId) => ({ app, userId, scope: appUserOf(org, app.id, userId)?.scope ?? '' })),
  );
}

/** Apps, who reaches them, and by what. */
export const applications: readonly Task[] = [
  {
    name: '20: apps that everyone has',
    sql: `SELECT a.id, a.label, a.signOnMode FROM okta.group.groups g
      JOIN okta.group.apps a ON a.groupId = g.id
      WHERE g.type = 'BUILT_IN' AND g.profile.name = 'Everyone';`,
    answer: (org) =>
      org
        .collection(APPS)
        .filter((app) => appGroups(org).has(app.id, org.everyoneId))
        .map((app) => [app.id, app.label, app.signOnMode]),
    floor: 2,
  },
  {
    name: '21: assignments by hand, by app',
    sql: `SELECT a.label, COUNT(*) AS direct FROM okta.application.apps a
      JOIN okta.application.users x ON x.appId = a.id
      WHERE a.status = 'ACTIVE' AND x.scope = 'USER'
      GROUP BY a.id, a.label ORDER BY direct DESC;`,
    answer: (org) =>
      org
        .collection(APPS)
        .filter((app) => app.status === 'ACTIVE')
        .map((app): Row => [app.label, assignments(org, [app]).filter(({ scope }) => scope === 'USER').length])
        .filter(([, direct]) => direct !== 0)
        .toSorted((a, b) => Number(b[1]) - Number(a[1])),
    order: [1],
    floor: 359,
    // 3 apps have 10,000 users, twenty full pages.
    emptyPages: 1,
  },
  {
    name: '22: who reaches an app, and why',
    sql: `WITH target AS (
        SELECT r.name, unnest(from_json(r.actions->'$.assignUserToGroups.groupIds', '["VARCHAR"]')) AS groupId
        FROM okta.group.rules r WHERE r.status = 'ACTIVE')
      SELECT x.id, u.profile.login AS login, x.scope, g.profile.name AS via_group, t.name AS via_rule
      FROM okta.application.users x
      JOIN okta.user.users u ON u.id = x.id
      LEFT JOIN okta.application.groups ag ON ag.appId = x.appId AND x.scope = 'GROUP'
      LEFT JOIN okta.group.users m ON m.groupId = ag.id AND m.id = x.id
      LEFT JOIN okta.group.groups g ON g.id = m.groupId
      LEFT JOIN target t ON t.groupId = g.id
      WHERE x.appId = '0oaX0000000000000001' AND (x.scope = 'USER' OR m.id IS NOT NULL);`,
    answer: (org) => {
      const app = org.collection(APPS).get(APP_X);
      const active = org.groupRules.filter((rule) => rule.status === 'ACTIVE');
      return assignments(org, app === undefined ? [] : [app]).flatMap(({ userId, scope }): Row[] => {
        const own = [userId, attribute(org.users.get(userId), 'login'), scope];
        if (scope === 'USER') return [[...own, null, null]];
        return appGroups(org)
          .rightsOf(APP_X)
          .filter((groupId) => isMember(org, groupId, userId))
          .flatMap((groupId): Row[] => {
            const rules = active.flatMap((rule) => rule.groupIds.filter((id) => id === groupId).map(() => rule.name));
            const name = attribute(org.groups.get(groupId), 'name');
            return (rules.length === 0 ? [null] : rules).map((rule): Row => [...own, name, rule]);
          });
      });
    },
    floor: 26,
    emptyPages: 1,
  },
  {
    name: '24: apps by outdated sign-on mode',
    sql: `SELECT signOnMode, COUNT(*) AS n, group_concat(label, '; ' ORDER BY label) AS apps
      FROM okta.application.apps
      WHERE status = 'ACTIVE' AND signOnMode NOT IN ('SAML_2_0','OPENID_CONNECT','BOOKMARK')
      GROUP BY signOnMode;`,
    answer: (org) => {
      const labels = new Map<string, string[]>();
      for (const app of org.collection(APPS).values()) {
        if (app.status !== 'ACTIVE' || ['SAML_2_0', 'OPENID_CONNECT', 'BOOKMARK'].includes(app.signOnMode)) continue;
        labels.set(app.signOnMode, [...(labels.get(app.signOnMode) ?? []), app.label]);
      }
      return [...labels].map(([mode, own]): Row => [mode, own.length, own.toSorted(byText).join('; ')]);
    },
    floor: 2,
  },
  {
    name: '25: signing keys in use that end within 60 days',
    sql: `SELECT a.label, k.kid, k.expiresAt FROM okta.application.apps a
      JOIN okta.application.keys k ON k.appId = a.id
      WHERE a.signOnMode = 'SAML_2_0' AND k.kid = a.credentials.signing.kid
        AND k.expiresAt < now() + INTERVAL 60 DAY;`,
    answer: (org) =>
      org
        .collection(APPS)
        .filter((app) => app.signOnMode === 'SAML_2_0')
        .flatMap((app) =>
          keysOf(org, app)
            .filter((key) => key.kid === valueAt(app.credentials, ['signing', 'kid']) && key.expiresAt < ago(-60))
            .map((key): Row => [app.label, key.kid, iso(key.expiresAt)]),
        ),
    floor: 112,
  },
];

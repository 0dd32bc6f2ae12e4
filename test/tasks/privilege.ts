import { STANDARD_ROLES } from '../../src/emulator/admin-roles.ts';
import { CONSENTS } from '../../src/emulator/families/apps/consents.ts';
import { APPS } from '../../src/emulator/families/apps/store.ts';
import { administratorIds, assignmentsOfUser } from '../../src/emulator/families/roles/assignments.ts';
import { valueAt } from '../../src/emulator/filter/compile.ts';
import { attribute, byText, iso, type Row, type Task, type Value } from './task.ts';

const STRONG = ['webauthn', 'u2f', 'signed_nonce'];

/** Who and what may do much. */
export const privilege: readonly Task[] = [
  {
    name: '9: every administrator, and how they came to be one',
    sql: `SELECT a.id, json_extract(u.profile,'$.login') AS login, r.type, r.label, r.assignmentType, u.status, u.lastLogin
      FROM okta.iam.assignees a
      JOIN okta.user.users u ON u.id = a.id
      JOIN okta.user.roles r ON r.userId = a.id
      ORDER BY r.type, login;`,
    answer: (org) =>
      administratorIds(org)
        .flatMap((id) =>
          assignmentsOfUser(org, id).map((role): Row => {
            const user = org.users.get(id);
            const label = STANDARD_ROLES[role.type] ?? null;
            return [id, attribute(user, 'login'), role.type, label, role.principalType, user?.status ?? null, iso(user?.lastLogin ?? null)];
          }),
        )
        .toSorted((a, b) => byText(a[2], b[2]) || byText(a[1], b[1])),
    order: [2, 1],
    floor: 42,
  },
  {
    name: '10: super administrators without a strong factor',
    sql: `SELECT a.id, COUNT(f.id) AS strong, COUNT(*) OVER () AS super_admins
      FROM okta.iam.assignees a
      JOIN okta.user.roles r ON r.userId = a.id AND r.type = 'SUPER_ADMIN'
      LEFT JOIN okta.userfactor.factors f ON f.userId = a.id AND f.status = 'ACTIVE'
           AND f.factorType IN ('webauthn','u2f','signed_nonce')
      GROUP BY a.id
      QUALIFY strong = 0 OR super_admins > 10;`,
    answer: (org) => {
      const supers = administratorIds(org).filter((id) => assignmentsOfUser(org, id).some((role) => role.type === 'SUPER_ADMIN'));
      return supers
        .filter((id) => !org.factors.by(id).some((factor) => factor.status === 'ACTIVE' && STRONG.includes(factor.factorType)))
        .map((id) => [id, 0, supers.length]);
    },
    floor: 46,
  },
  {
    name: '12: API tokens with owner and privilege',
    sql: `SELECT t.id, t.name, t.clientName, t.created, t.lastUpdated, t.expiresAt,
             json_extract(t.network,'$.connection') AS net, json_extract(u.profile,'$.login') AS owner,
             u.status AS owner_status, group_concat(r.type, ',' ORDER BY r.type) AS roles
      FROM okta.apitoken.tokens t
      LEFT JOIN okta.user.users u ON u.id = t.userId
      LEFT JOIN okta.user.roles r ON r.userId = t.userId
      GROUP BY ALL;`,
    answer: (org) =>
      org.apiTokens.list().map((token): Row => {
        const owner = org.users.get(token.userId);
        const roles = assignmentsOfUser(org, token.userId).map((role) => role.type);
        return [
          token.id,
          token.name,
          token.clientName,
          iso(token.created),
          iso(token.lastUpdated),
          iso(token.expiresAt),
          (valueAt(token.network, ['connection']) ?? null) as Value,
          attribute(owner, 'login'),
          owner?.status ?? null,
          roles.length === 0 ? null : [...roles].sort().join(','),
        ];
      }),
    floor: 26,
  },
  {
    name: '13: service apps that may manage',
    sql: `SELECT a.id, a.label, g.scopeId, g.created
      FROM okta.application.apps a JOIN okta.application.grants g ON g.appId = a.id
      WHERE a.status = 'ACTIVE' AND a.signOnMode = 'OPENID_CONNECT'
        AND a.settings.oauthClient.application_type = 'service' AND g.scopeId LIKE 'okta.%.manage';`,
    answer: (org) =>
      org
        .collection(APPS)
        .filter(
          (app) =>
            app.status === 'ACTIVE' &&
            app.signOnMode === 'OPENID_CONNECT' &&
            valueAt(app.settings, ['oauthClient', 'application_type']) === 'service',
        )
        .flatMap((app) =>
          org
            .collection(CONSENTS)
            .by(app.id)
            // What a user consented to is a token of that user, no grant of the app.
            .filter((grant) => grant.userId === null && /^okta\..*\.manage$/.test(grant.scopeId))
            .map((grant): Row => [app.id, app.label, grant.scopeId, iso(grant.created)]),
        ),
    floor: 14,
  },
];

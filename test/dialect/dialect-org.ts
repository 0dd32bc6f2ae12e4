import { createEmulator } from '../../src/emulator/emulator.ts';
import { assignGroup, assignUser } from '../../src/emulator/families/apps/assignments.ts';
import { makeApp } from '../../src/emulator/families/apps/write.ts';
import { makePolicy, makeRule } from '../../src/emulator/families/policies/store.ts';
import { addMember } from '../../src/emulator/membership.ts';
import type { UserStatus } from '../../src/emulator/model.ts';
import type { Org } from '../../src/emulator/org.ts';
import { type FactorKindName, makeFactor } from '../../src/emulator/seeds/factor-kinds.ts';
import { makeGroup } from '../../src/emulator/seeds/from-file.ts';
import { grantRole } from '../../src/emulator/seeds/grants.ts';
import { makeUser } from '../../src/emulator/seeds/make-user.ts';
import type { Emulator } from '../../src/emulator/types.ts';

/** The moment that the dialect org is laid around. */
export const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const DAY = 86_400_000;

const STATUSES: readonly UserStatus[] = ['ACTIVE', 'ACTIVE', 'STAGED', 'DEPROVISIONED', 'SUSPENDED', 'ACTIVE', 'LOCKED_OUT'];
const DEPARTMENTS = ['Sales', 'sales', "O'Brien", null, undefined, 'Zebra', ''] as const;
const FACTORS: readonly FactorKindName[] = ['push', 'sms', 'webauthn', 'totp'];

/** A small org with something on both sides of every join: users without groups, groups without members, apps of nobody, policies without rules. */
export async function dialectOrg(): Promise<{ readonly emulator: Emulator; readonly url: string; readonly close: () => Promise<void> }> {
  const emulator = createEmulator({ now: NOW, rateLimits: 'off', random: 11, seed: layOrg });
  const listening = await emulator.listen({ port: 0 });
  return { emulator, url: listening.url, close: listening.close };
}

function layOrg(org: Org): void {
  const groups = ['Alpha', 'alpha', 'Beta', 'Empty', 'Zebra'].map((name, index) =>
    makeGroup(org, { name, description: index % 2 === 0 ? null : `about ${name}` }, NOW - (index + 1) * 30 * DAY),
  );
  const apps = (['SAML_2_0', 'BOOKMARK', 'OPENID_CONNECT', 'BOOKMARK'] as const).map((signOnMode, index) =>
    makeApp(org, {
      label: `App ${index}`,
      signOnMode,
      status: index === 1 ? 'INACTIVE' : 'ACTIVE',
      created: NOW - index * DAY,
      ...(signOnMode === 'BOOKMARK' ? { body: { settings: { app: { url: `https://app${index}.example.com` } } } } : {}),
    }),
  );
  const users = Array.from({ length: 14 }, (_, index) => {
    const created = NOW - (1 + ((index * 37) % 300)) * DAY;
    const department = DEPARTMENTS[index % DEPARTMENTS.length];
    return makeUser(org, {
      status: STATUSES[index % STATUSES.length] ?? 'ACTIVE',
      created,
      lastUpdated: created,
      statusChanged: created,
      lastLogin: index % 3 === 0 ? null : NOW - index * DAY,
      profile: {
        firstName: index % 2 === 0 ? 'Ann' : 'ann',
        lastName: `L${index % 5}`,
        login: `${index % 2 === 0 ? 'User' : 'user'}.${index}@example.com`,
        email: `user.${index}@example.com`,
        mobilePhone: null,
        secondEmail: null,
        employeeNumber: String(index * 7),
        costCenter: String(index % 4),
        ...(department === undefined ? {} : { department }),
        ...(index % 5 === 0 ? { nickName: groups[index % groups.length]?.id ?? '' } : {}),
      },
    });
  });
  users.forEach((user, index) => {
    if (user.status !== 'DEPROVISIONED')
      groups.forEach((group, position) => {
        if (position !== 3 && index % (position + 2) === 0) addMember(org, group, user);
      });
    for (let factor = 0; factor < index % 3; factor++)
      makeFactor(
        org,
        user,
        FACTORS[(index + factor) % 4] as FactorKindName,
        factor === 0 ? 'ACTIVE' : 'PENDING_ACTIVATION',
        NOW - index * DAY,
      );
    const app = apps[index % 3];
    if (index % 4 === 1 && app !== undefined && user.status === 'ACTIVE') assignUser(org, app, user, {}, NOW - DAY);
  });
  const [alpha, , beta] = groups;
  const [saml] = apps;
  if (alpha !== undefined && saml !== undefined) assignGroup(org, saml, alpha, {}, NOW - DAY);
  if (beta !== undefined) grantRole(org, 'GROUP', beta.id, 'HELP_DESK_ADMIN', NOW - DAY);
  for (const index of [0, 5]) grantRole(org, 'USER', users[index]?.id ?? '', index === 0 ? 'SUPER_ADMIN' : 'APP_ADMIN', NOW - 2 * DAY);
  const created = NOW - 100 * DAY;
  ['Strong', 'Bare'].forEach((name, index) => {
    const policy = makePolicy(org, { type: 'OKTA_SIGN_ON', name, created, status: index === 0 ? 'ACTIVE' : 'INACTIVE' });
    for (let rule = 0; rule < 2 - index * 2; rule++)
      makeRule(org, policy, { name: `${name} ${rule}`, created, actions: { signon: { access: 'ALLOW' } } });
  });
}

import { assignMembers } from '../families/apps/assignments.ts';
import { ruleApplies } from '../families/group-rules/evaluate.ts';
import { groupOwners } from '../families/groups/owners.ts';
import { sessionTokens } from '../families/sessions/store.ts';
import type { Group, User } from '../model.ts';
import type { Org } from '../org.ts';
import { customUserAttributes } from '../profile-schema.ts';
import { wholeSecond } from '../time.ts';
import type { SeedOptions } from '../types.ts';
import { bulkUsers } from './bulk-users.ts';
import { layDemoApps } from './demo-apps.ts';
import { layDemoLog } from './demo-log.ts';
import { layDemoPolicies } from './demo-policies.ts';
import { type FactorKindName, makeFactor } from './factor-kinds.ts';
import { makeGroup } from './from-file.ts';
import { grantRole, makeToken } from './grants.ts';
import { makeUser } from './make-user.ts';
import { DEPARTMENTS, FIRST_NAMES, LAST_NAMES, loginOf, TITLES } from './people.ts';
import { seedTime } from './seed-time.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const COUNT = 320;
const DEMO_SESSION = '102demoSessionThatIsKnown';
const DEMO_SESSION_TOKEN = '20111demoTokenThatIsKnown';

/** An org of a few hundred people in which something is wrong with everything that an administrator looks after. */
export function demo(org: Org, options: SeedOptions): void {
  customUserAttributes(org).add('githubUsername');
  const users = layUsers(org);
  const groups = layGroups(org, users);
  layRules(org, groups);
  layFactors(org, users);
  layAdministrators(org, users, groups);
  layDemoPolicies(org, groups);
  layDemoApps(org, users, groups);
  layDemoLog(org, users);
  laySessions(org, users);
  bulkUsers(org, options.users);
  if (options.users > 0) assignMembers(org);
}

/** The last digits of a user's number decide the status, so that each status has its few. */
function statusOf(i: number): User['status'] {
  if (i % 16 === 5) return 'DEPROVISIONED';
  if (i % 40 === 7) return 'SUSPENDED';
  if (i % 32 === 9) return 'STAGED';
  if (i % 36 === 11) return 'PROVISIONED';
  if (i % 50 === 13) return 'PASSWORD_EXPIRED';
  if (i % 60 === 17) return 'LOCKED_OUT';
  if (i % 80 === 19) return 'RECOVERY';
  return 'ACTIVE';
}

function layUsers(org: Org): User[] {
  const { random } = org;
  const now = seedTime(org);
  const users: User[] = [];
  for (let i = 0; i < COUNT; i++) {
    const firstName = FIRST_NAMES[(i * 7) % FIRST_NAMES.length] as string;
    const lastName = LAST_NAMES[(i * 11 + Math.floor(i / 26)) % LAST_NAMES.length] as string;
    const login = loginOf(firstName, lastName, i);
    const status = i === 0 ? 'ACTIVE' : statusOf(i);
    const department = DEPARTMENTS[i % DEPARTMENTS.length] as string;
    const created = now - (4 + random.below(900)) * DAY_MS - random.below(DAY_MS);
    const isUsed = status !== 'STAGED' && status !== 'PROVISIONED' && i % 23 !== 4;
    const away = i % 9 === 2 ? 100 + random.below(200) : random.below(20);
    const lastLogin = isUsed ? wholeSecond(Math.max(created + HOUR_MS, now - away * DAY_MS - random.below(20 * HOUR_MS) - HOUR_MS)) : null;
    const changed = status === 'ACTIVE' ? created : wholeSecond(now - random.below(500) * DAY_MS - HOUR_MS);
    const manager = users[Math.floor(i / 8)];
    users.push(
      makeUser(org, {
        status,
        created,
        lastLogin,
        statusChanged: status === 'STAGED' ? null : Math.max(changed, wholeSecond(created)),
        lastUpdated: Math.max(changed, created),
        profile: {
          firstName,
          lastName,
          mobilePhone: i % 3 === 0 ? `+1 415 555 ${String(1000 + i)}` : null,
          secondEmail: null,
          login,
          email: login,
          displayName: `${firstName} ${lastName}`,
          title: i === 0 ? 'Head of IT' : TITLES[i % TITLES.length],
          department: i % 29 === 3 ? department.toUpperCase() : department,
          userType: i % 7 === 3 ? 'Contractor' : 'Employee',
          employeeNumber: String(10_000 + i),
          costCenter: `CC-${100 + (i % 12)}`,
          ...(manager === undefined || manager.id === undefined
            ? {}
            : { managerId: manager.profile.employeeNumber, manager: manager.profile.displayName }),
          ...(i % 4 === 1
            ? {
                githubUsername: `${firstName
                  .normalize('NFD')
                  .replace(/[^a-z]/gi, '')
                  .toLowerCase()}${i}`,
              }
            : {}),
          ...(i % 19 === 6 ? { nickName: `"${firstName}"` } : {}),
        },
        ...(isUsed || status === 'ACTIVE' ? { password: 'Emulated!1' } : {}),
      }),
    );
  }
  return users;
}

function layGroups(org: Org, users: readonly User[]): Map<string, Group> {
  const now = seedTime(org);
  const groups = new Map<string, Group>();
  const add = (name: string, description: string | null, type: Group['type'] = 'OKTA_GROUP'): void => {
    groups.set(name, makeGroup(org, { name, description }, now - (30 + org.random.below(800)) * DAY_MS, type));
  };
  for (const department of DEPARTMENTS) add(department, `Everybody in ${department}`);
  for (const name of [
    'Contractors',
    'Employees',
    'VPN users',
    'On call',
    'Administrators',
    'Help desk',
    'Interns 2019',
    'Migration (old)',
    'GitHub',
    "Founders' circle",
  ])
    add(name, null);
  for (let i = 1; i <= 12; i++) add(`Project ${String(i).padStart(2, '0')}`, i % 4 === 0 ? null : `Members of project ${i}`);
  for (const name of ['app-salesforce-users', 'app-google-workspace', 'AD Domain Users']) add(name, 'Imported', 'APP_GROUP');
  const pick = (name: string, test: (user: User, i: number) => boolean): void => {
    const group = groups.get(name);
    for (const [i, user] of users.entries()) if (group !== undefined && test(user, i)) org.members.add(group.id, user.id);
  };
  pick('VPN users', (_, i) => i % 5 < 2);
  pick('On call', (_, i) => i % 31 === 0);
  pick('Administrators', (_, i) => i > 0 && i < 5);
  pick('Help desk', (_, i) => i % 64 === 10);
  pick('Migration (old)', (user) => user.status === 'DEPROVISIONED');
  pick('GitHub', (user) => user.profile.githubUsername !== undefined);
  pick("Founders' circle", (_, i) => i === 0 || i === 8 || i === 21);
  for (let p = 1; p <= 10; p++) pick(`Project ${String(p).padStart(2, '0')}`, (_, i) => (i * 13 + p) % (p + 6) === 0);
  pick('app-salesforce-users', (user) => String(user.profile.department).toLowerCase() === 'sales');
  pick('app-google-workspace', (user) => user.status !== 'STAGED');
  pick('AD Domain Users', (_, i) => i % 3 !== 0);
  const owners = org.collection(groupOwners);
  [...groups.values()].forEach((group, i) => {
    const owner = users[(i * 17) % users.length];
    if (group.type !== 'OKTA_GROUP' || i % 3 === 2 || owner === undefined) return;
    owners.put({ id: `${group.id}/${owner.id}`, groupId: group.id, ownerId: owner.id, type: 'USER', lastUpdated: group.created });
  });
  return groups;
}

function layRules(org: Org, groups: ReadonlyMap<string, Group>): void {
  const now = seedTime(org);
  const idOf = (name: string): string => groups.get(name)?.id ?? '';
  const add = (
    name: string,
    expression: string,
    groupIds: readonly string[],
    status: 'ACTIVE' | 'INACTIVE' | 'INVALID' = 'ACTIVE',
    excludedUsers: readonly string[] = [],
  ): void => {
    const created = wholeSecond(now - (10 + org.random.below(400)) * DAY_MS);
    const rule = org.groupRules.put({
      id: org.ids.next('0pr'),
      name,
      status,
      created,
      lastUpdated: created,
      expression,
      excludedUsers,
      excludedGroups: [],
      groupIds,
    });
    if (status !== 'ACTIVE') return;
    for (const user of org.users.values()) {
      if (!ruleApplies(org, rule, user)) continue;
      for (const groupId of groupIds) if (org.members.add(groupId, user.id)) org.ruleMembers.add(`${rule.id}/${groupId}`, user.id);
    }
  };
  for (const department of DEPARTMENTS)
    add(
      `${department} by department`,
      `user.department=="${department}"`,
      [idOf(department)],
      department === 'Legal' ? 'INACTIVE' : 'ACTIVE',
    );
  add('Contractors', 'user.userType=="Contractor"', [idOf('Contractors')], 'ACTIVE', [...org.users.ids].slice(3, 6));
  add('Employees', 'user.userType=="Employee"', [idOf('Employees')]);
  add('Interns of 2019', 'String.startsWith(user.title,"Intern")', [idOf('Interns 2019'), org.ids.next('00g')], 'INVALID');
}

const FACTOR_SETS: readonly (readonly FactorKindName[])[] = [
  ['push', 'totp'],
  ['webauthn', 'push'],
  ['sms'],
  ['googleTotp'],
  ['push', 'signed_nonce', 'webauthn'],
  ['email', 'question'],
  [],
  ['yubikey'],
  ['push', 'totp', 'sms'],
  ['call'],
];

function layFactors(org: Org, users: readonly User[]): void {
  users.forEach((user, i) => {
    if (user.status === 'STAGED' || user.status === 'DEPROVISIONED') return;
    const set = i === 0 ? FACTOR_SETS[1] : FACTOR_SETS[i % FACTOR_SETS.length];
    set?.forEach((name) => {
      makeFactor(org, user, name, i % 47 === 12 ? 'PENDING_ACTIVATION' : 'ACTIVE', user.created + DAY_MS);
    });
  });
}

function layAdministrators(org: Org, users: readonly User[], groups: ReadonlyMap<string, Group>): void {
  const now = seedTime(org);
  const active = users.filter((user) => user.status === 'ACTIVE');
  const at = (i: number): User => active[i % active.length] as User;
  grantRole(org, 'USER', at(0).id, 'SUPER_ADMIN', now - 500 * DAY_MS);
  grantRole(org, 'USER', at(12).id, 'SUPER_ADMIN', now - 90 * DAY_MS);
  grantRole(org, 'USER', at(20).id, 'APP_ADMIN', now - 60 * DAY_MS);
  grantRole(org, 'USER', at(20).id, 'READ_ONLY_ADMIN', now - 50 * DAY_MS);
  grantRole(org, 'USER', at(31).id, 'USER_ADMIN', now - 70 * DAY_MS);
  grantRole(org, 'USER', at(44).id, 'REPORT_ADMIN', now - 20 * DAY_MS);
  const suspended = users.find((user) => user.status === 'SUSPENDED');
  if (suspended !== undefined) grantRole(org, 'USER', suspended.id, 'ORG_ADMIN', now - 300 * DAY_MS);
  for (const [name, role] of [
    ['Administrators', 'ORG_ADMIN'],
    ['Help desk', 'HELP_DESK_ADMIN'],
  ] as const) {
    const group = groups.get(name);
    if (group !== undefined) grantRole(org, 'GROUP', group.id, role, now - 200 * DAY_MS);
  }
  const gone = users.find((user) => user.status === 'DEPROVISIONED');
  const owners = [at(0), at(12), at(20), at(31), at(5), ...(gone === undefined ? [] : [gone])];
  owners.forEach((owner, i) => {
    const made = wholeSecond(now - (12 + 60 * i) * DAY_MS);
    makeToken(org, {
      name: ['terraform', 'hr-sync', 'siem export', 'okta-cli', 'old script', 'jenkins'][i] ?? `token ${i}`,
      userId: owner.id,
      created: made,
      lastUpdated: wholeSecond(now - (i === 4 ? 40 : i) * DAY_MS - HOUR_MS),
      network: i % 2 === 0 ? { connection: 'ANYWHERE' } : { connection: 'ZONE', include: [] },
    });
  });
}

function laySessions(org: Org, users: readonly User[]): void {
  const now = seedTime(org);
  users
    .filter((user) => user.status === 'ACTIVE')
    .slice(0, 12)
    .forEach((user, i) => {
      const createdAt = now - (5 + i * 7) * 60_000;
      org.sessions.put({
        id: org.ids.next('102', 25),
        userId: user.id,
        createdAt,
        expiresAt: createdAt + 2 * HOUR_MS,
        status: 'ACTIVE',
        lastPasswordVerification: createdAt,
        lastFactorVerification: i % 2 === 0 ? createdAt + 5000 : null,
        amr: i % 2 === 0 ? ['pwd', 'mfa', 'otp'] : ['pwd'],
      });
    });
  const userId = users[0]?.id ?? '';
  // Sessions cannot be listed: one has an id that can be known, as has the token of somebody who has just signed in.
  org.sessions.put({
    id: DEMO_SESSION,
    userId,
    createdAt: now - 60_000,
    expiresAt: now - 60_000 + 2 * HOUR_MS,
    status: 'ACTIVE',
    lastPasswordVerification: now - 60_000,
    lastFactorVerification: now - 55_000,
    amr: ['pwd', 'mfa', 'otp'],
  });
  org.collection(sessionTokens).put({ id: DEMO_SESSION_TOKEN, userId, expiresAt: now + 5 * 60_000, amr: ['pwd'] });
}

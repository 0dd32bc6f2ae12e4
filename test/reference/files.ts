import { memberIds } from '../../src/emulator/membership.ts';
import { profileText, type User, type UserStatus } from '../../src/emulator/model.ts';
import type { Org } from '../../src/emulator/org.ts';

/** The two files that the joiner and leaver tasks read, and what is in them. */
export interface ReferenceFiles {
  readonly joiners: {
    /** Columns login, email, first, last, groupId; 500 rows. */
    readonly csv: string;
    readonly rows: readonly Joiner[];
    /** Logins that nobody has. */
    readonly fresh: readonly string[];
    /** Logins that somebody has, spelled as they are. */
    readonly existing: readonly string[];
    /** Those of `existing` whose user is DEPROVISIONED. */
    readonly deprovisioned: readonly string[];
    /** Logins that somebody has in another letter case: Okta refuses them. */
    readonly otherCase: readonly string[];
  };
  readonly leavers: {
    /** Column login; 400 rows. */
    readonly csv: string;
    readonly rows: readonly string[];
    readonly active: readonly User[];
    /** Those of `active` who hold a role. */
    readonly administrators: readonly User[];
    readonly inOtherStates: readonly User[];
    readonly unknown: readonly string[];
  };
}

export interface Joiner {
  readonly login: string;
  readonly email: string;
  readonly first: string;
  readonly last: string;
  readonly groupId: string;
}

const NAMES = [
  ['Ida', 'Newman'],
  ['Conan', "O'Brian"],
  ['Ana "Nina"', 'Sousa'],
  ['Müge', 'Çelik'],
  ['Line', 'Break\nson'],
  ['=Eve', 'Formula'],
  ['Back\\slash', 'Jr., Comma'],
  ['נועה', 'לוי'],
  ['花子', '佐藤'],
] as const;
const OTHER_STATES: readonly UserStatus[] = [
  'SUSPENDED',
  'SUSPENDED',
  'STAGED',
  'PROVISIONED',
  'LOCKED_OUT',
  'PASSWORD_EXPIRED',
  'RECOVERY',
  'DEPROVISIONED',
  'DEPROVISIONED',
];

/** Makes the files for an org of the seed `reference`: always the same for the same org. */
export function makeReferenceFiles(org: Org): ReferenceFiles {
  return { joiners: makeJoiners(org), leavers: makeLeavers(org) };
}

function makeJoiners(org: Org): ReferenceFiles['joiners'] {
  const groups = org.groups.filter((group) => group.type === 'OKTA_GROUP').map((group) => group.id);
  const groupOf = (i: number): string => groups[(i * 37) % 12] as string;
  const users = [...org.users.values()];
  const deprovisioned = spread(
    users.filter((user) => user.status === 'DEPROVISIONED'),
    5,
  ).map(loginOf);
  const present = spread(
    users.filter((user) => user.status !== 'DEPROVISIONED'),
    15,
  ).map(loginOf);
  const existing = [...deprovisioned, ...present];
  const otherCase = spread(
    users.filter((user) => user.status === 'ACTIVE' && !existing.includes(loginOf(user))),
    3,
  ).map((user) => loginOf(user).toUpperCase());
  const fresh: string[] = [];
  for (let i = 1; fresh.length < 477; i++) {
    const login = i % 25 === 0 ? `joiner'${i}+new@example.com` : `joiner.${String(i).padStart(3, '0')}@example.com`;
    if (org.users.byLogin(login) === undefined) fresh.push(login);
  }
  const rows = interleaved(fresh, [...existing, ...otherCase]).map((login, i): Joiner => {
    const [first, last] = NAMES[i % 11 === 0 ? (i / 11) % NAMES.length : 0] as (typeof NAMES)[number];
    return { login, email: login.toLowerCase(), first, last, groupId: groupOf(i) };
  });
  return {
    csv: csvOf(
      ['login', 'email', 'first', 'last', 'groupId'],
      rows.map((row) => [row.login, row.email, row.first, row.last, row.groupId]),
    ),
    rows,
    fresh,
    existing,
    deprovisioned,
    otherCase,
  };
}

function makeLeavers(org: Org): ReferenceFiles['leavers'] {
  const users = [...org.users.values()];
  const direct = new Set<string>();
  const through = new Set<string>();
  for (const assignment of org.roleAssignments.values()) {
    if (assignment.principalType === 'USER') direct.add(assignment.principalId);
    if (assignment.principalType === 'GROUP') for (const id of memberIds(org, assignment.principalId)) through.add(id);
  }
  // Whoever owns a token stays: suspending the owner of the test's own token would end the test.
  const owners = new Set(org.apiTokens.list().map((token) => token.userId));
  const isActive = (user: User): boolean => user.status === 'ACTIVE' && !owners.has(user.id);
  const administrators = [direct, through].flatMap((ids) => users.filter((user) => ids.has(user.id) && isActive(user)).slice(0, 1));
  const plain = users.filter(
    (user) => isActive(user) && !direct.has(user.id) && !through.has(user.id) && user.id !== '00uX0000000000000001',
  );
  const active = [...spread(plain, 383), ...administrators];
  const taken = new Set<string>();
  const inOtherStates = OTHER_STATES.flatMap((status) => {
    const user = users.find((one) => one.status === status && !taken.has(one.id) && !direct.has(one.id));
    if (user !== undefined) taken.add(user.id);
    return user === undefined ? [] : [user];
  });
  const unknown = [
    'nobody@example.com',
    'gone.long.ago@example.com',
    'typo@exmaple.com',
    "o'nobody@example.com",
    'NOBODY2@EXAMPLE.COM',
    'n@n',
  ];
  const rows = interleaved(active.map(loginOf), [...inOtherStates.map(loginOf), ...unknown]);
  return {
    csv: csvOf(
      ['login'],
      rows.map((login) => [login]),
    ),
    rows,
    active,
    administrators,
    inOtherStates,
    unknown,
  };
}

function loginOf(user: User): string {
  return profileText(user.profile, 'login');
}

/** `count` items, evenly out of all. */
function spread<T>(items: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, i) => items[Math.floor(((i + 0.5) * items.length) / count)] as T);
}

/** The few among the many, at even distances. */
function interleaved(many: readonly string[], few: readonly string[]): string[] {
  const out = [...many];
  few.forEach((item, i) => {
    out.splice(Math.floor(((i + 0.5) * out.length) / few.length), 0, item);
  });
  return out;
}

/** RFC 4180: every value in quotes where it needs them, lines ended by LF. */
function csvOf(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return `${[header, ...rows].map((row) => row.map(cell).join(',')).join('\n')}\n`;
}

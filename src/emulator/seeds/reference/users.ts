import type { User } from '../../model.ts';
import type { Org } from '../../org.ts';
import { customUserAttributes } from '../../profile-schema.ts';
import type { Json, JsonObject } from '../../types.ts';
import { makeUser } from '../make-user.ts';
import { FIRST_NAMES, LAST_NAMES, loginOf, TITLES } from '../people.ts';
import type { Draft } from './drafts.ts';
import type { Times } from './times.ts';

export const USER_X = '00uX0000000000000001';

/** Names that trip up quoting, CSV, LIKE, spreadsheets and layout; none beyond three bytes of UTF-8 a character, which Okta refuses. */
const AWKWARD_NAMES: readonly (readonly [first: string, last: string])[] = [
  ['Miles', "O'Neil"],
  ['"Bobby"', 'Tables'],
  ['Back\\slash', 'C:\\Users'],
  ['100%', 'Sure'],
  ['under_score', '_'],
  ['Comma, Jr.', 'a,b'],
  ['Zeile', 'um\nbruch'],
  ['=1+1', '=SUM(A1:A9)'],
  ['+Plus', '-Minus'],
  ['@Home', '\tTab'],
  ['שלום', 'כהן'],
  ['محمد', 'الأحمد'],
  ['太郎', '山田'],
  ['Ἀλέξανδρος', 'Παπαδόπουλος'],
  ['Ṽ́', 'Combining'],
  ['null', 'NULL'],
  ["'; DROP TABLE users;--", "x' OR '1'='1"],
  ['  spaced  ', ' lead'],
  ['‮drawkcab', 'Bidi'],
  ['İstanbul', 'ıssız'],
  ['ß', 'GROẞ'],
  ['{"a":1}', '[]'],
  ['<b>bold</b>', '&amp;'],
  ['$1', '`tick`'],
];

/** Puts the drafted users into the org. */
export function makeUsers(org: Org, times: Times, drafts: readonly Draft[]): void {
  customUserAttributes(org).add('githubUsername');
  const x = drafts.find((draft) => draft.isX);
  const order = x === undefined ? drafts : [x, ...drafts.filter((draft) => draft !== x)];
  for (const [i, draft] of order.entries()) draft.id = makeOne(org, times, draft, i).id;
}

function makeOne(org: Org, times: Times, draft: Draft, i: number): User {
  const { random } = org;
  const awkward = i > 0 && i % 97 === 0 ? AWKWARD_NAMES[(i / 97) % AWKWARD_NAMES.length] : undefined;
  const plainFirst = random.pick(FIRST_NAMES);
  const plainLast = random.pick(LAST_NAMES);
  const [firstName, lastName] = draft.isX ? ['Xenia', 'Xylander'] : (awkward ?? [plainFirst, plainLast]);
  const isOdd = i % 211 === 5;
  const login = draft.isX
    ? 'xenia.xylander@example.com'
    : isOdd
      ? `${plainLast.slice(0, 1)}'${i}+tag@Example.com`
      : loginOf(plainFirst, plainLast, i, i % 11 === 0 ? 'corp.example.com' : 'example.com');
  const hasPassword = draft.status !== 'STAGED' && draft.status !== 'PROVISIONED';
  const activated = draft.status === 'STAGED' ? null : times.clear(Math.min(draft.created + 60_000, times.now));
  const passwordChanged = hasPassword ? times.clear(draft.created + (times.now - draft.created) * random.next() * 0.5) : null;
  return makeUser(org, {
    ...(draft.isX ? { id: USER_X } : {}),
    status: draft.status,
    created: draft.created,
    activated,
    statusChanged: draft.status === 'STAGED' ? null : draft.statusChanged,
    lastLogin: draft.lastLogin,
    lastUpdated: times.clear(Math.max(draft.created, draft.statusChanged ?? 0, passwordChanged ?? 0)),
    passwordChanged,
    ...(hasPassword ? { password: `Emulated!${i}` } : {}),
    profile: profileOf(draft, i, { firstName, lastName, login }),
  });
}

function profileOf(
  draft: Draft,
  i: number,
  names: { readonly firstName: string; readonly lastName: string; readonly login: string },
): JsonObject {
  const profile: Record<string, Json> = {
    firstName: names.firstName,
    lastName: names.lastName,
    mobilePhone: i % 5 === 0 ? `+1 415 555 ${String(i % 10_000).padStart(4, '0')}` : null,
    secondEmail: i % 17 === 0 ? `home${i}@example.net` : null,
  };
  if (i % 4 === 0) profile.displayName = `${names.firstName} ${names.lastName}`;
  if (i % 3 !== 0) profile.title = i % 31 === 1 ? '' : (TITLES[i % TITLES.length] as string);
  if (draft.userType !== undefined) profile.userType = draft.userType;
  profile.employeeNumber = String(100_000 + i);
  profile.costCenter = draft.costCenter;
  if (draft.department !== undefined) profile.department = draft.department;
  if (i > 20 && i % 6 !== 0) profile.managerId = String(100_000 + (Math.floor(i / 8) % 1500));
  if (i % 5 < 3) profile.githubUsername = `gh-${(i * 7919) % 100_000}-${i % 2 === 0 ? 'Dev' : 'dev'}`;
  profile.login = names.login;
  profile.email = names.login.toLowerCase();
  return profile;
}

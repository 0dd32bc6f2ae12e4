import { assignGroup } from '../../families/apps/assignments.ts';
import { makeConsent, makeRefreshToken } from '../../families/apps/consents.ts';
import { APP_USERS, type App, appUsers, pairId, type SignOnMode } from '../../families/apps/store.ts';
import { makeApp, makeKey } from '../../families/apps/write.ts';
import type { Policy } from '../../families/policies/store.ts';
import { profileText } from '../../model.ts';
import type { Org } from '../../org.ts';
import type { JsonObject } from '../../types.ts';
import type { Draft } from './drafts.ts';
import { fill, shuffled } from './draw.ts';
import type { GroupDraft } from './group-plan.ts';
import { DAY_MS, type Times } from './times.ts';
import { USER_X } from './users.ts';

export const APP_X = '0oaX0000000000000001';

/** An app before it is made. `users` is how many are assigned to it in the end. */
interface AppDraft {
  readonly id: string;
  readonly mode: SignOnMode;
  readonly isService: boolean;
  readonly status: App['status'];
  readonly users: number;
}

/** ACTIVE and INACTIVE apps by sign-on mode; service clients apart. */
const MODES: readonly (readonly [SignOnMode, active: number, inactive: number])[] = [
  ['SAML_2_0', 100, 10],
  ['OPENID_CONNECT', 80, 5],
  ['BOOKMARK', 26, 4],
  ['BROWSER_PLUGIN', 17, 3],
  ['SECURE_PASSWORD_STORE', 13, 2],
  ['AUTO_LOGIN', 9, 1],
  ['BASIC_AUTH', 7, 1],
  ['WS_FEDERATION', 6, 1],
];

/** 300 apps in order of id; app X is a SAML app with 1,600 users. */
export function planApps(org: Org): AppDraft[] {
  const { random } = org;
  const people = MODES.flatMap(([mode, active]) => Array.from({ length: active }, () => mode));
  const resting = MODES.flatMap(([mode, , inactive]) => Array.from({ length: inactive }, () => mode));
  const repeat = (users: number, count: number): number[] => Array.from({ length: count }, () => users);
  // App X takes one SAML place and one of the 1,600.
  people.splice(people.indexOf('SAML_2_0'), 1);
  const counts = shuffled(random, [...repeat(10_000, 3), ...repeat(1600, 9), ...repeat(260, 40), ...repeat(20, 168), ...repeat(0, 37)]);
  const restingCounts = shuffled(random, [...repeat(20, 12), ...repeat(0, 15)]);
  const drafts: Omit<AppDraft, 'id'>[] = [
    ...people.map((mode, i) => ({ mode, isService: false, status: 'ACTIVE' as const, users: counts[i] as number })),
    ...resting.map((mode, i) => ({ mode, isService: false, status: 'INACTIVE' as const, users: restingCounts[i] as number })),
    ...Array.from({ length: 15 }, (_, i) => ({
      mode: 'OPENID_CONNECT' as const,
      isService: true,
      status: i < 12 ? ('ACTIVE' as const) : ('INACTIVE' as const),
      users: 0,
    })),
  ];
  return [
    { id: APP_X, mode: 'SAML_2_0', isService: false, status: 'ACTIVE', users: 1600 },
    ...shuffled(random, drafts).map((draft) => ({ ...draft, id: org.ids.next('0oa') })),
  ];
}

const AWKWARD_LABELS = [
  'Bob\'s "CRM"',
  'R&D, Wiki',
  '50% off',
  'snake_case',
  'Back\\office',
  '=HYPERLINK()',
  'Line\nbreak',
  'יישום',
  'アプリ',
];

/** Puts the apps, their keys and consents into the org. */
export function makeApps(org: Org, times: Times, plan: readonly AppDraft[], policies: readonly Policy[], adminId: string): void {
  const { random } = org;
  let [saml, service, client, ofX] = [0, 0, 0, 0];
  for (const [i, draft] of plan.entries()) {
    const created = times.between(100, 1000);
    const signing = random.text(43);
    const app = makeApp(org, {
      id: draft.id,
      label: draft.id === APP_X ? 'App X' : (AWKWARD_LABELS[i - 1] ?? `${draft.mode.toLowerCase().replaceAll('_', ' ')} ${i}`),
      signOnMode: draft.mode,
      status: draft.status,
      created,
      accessPolicyId: policies[i % policies.length]?.id ?? null,
      body: bodyOf(draft, i),
      ...(draft.mode === 'SAML_2_0' ? { kid: signing } : {}),
    });
    if (draft.mode === 'SAML_2_0') {
      makeKeys(org, times, app, signing, saml++);
      continue;
    }
    if (draft.isService) {
      const scopes = SERVICE_SCOPES[service++ % SERVICE_SCOPES.length] ?? [];
      for (const scope of scopes) makeConsent(org, app, scope, { createdBy: adminId, created: times.between(20, 99) });
    } else if (draft.mode === 'OPENID_CONNECT') {
      if (client++ % 16 === 3) makeConsent(org, app, 'okta.users.manage', { createdBy: adminId, created: times.between(20, 99) });
      if (ofX < 2 && draft.status === 'ACTIVE') {
        for (const scope of ['openid', 'offline_access'].slice(ofX++))
          makeConsent(org, app, scope, { createdBy: USER_X, userId: USER_X, created: times.between(20, 60) });
        makeRefreshToken(org, app, USER_X, ['openid', 'offline_access'], times.between(2, 20));
      }
    }
  }
}

const SERVICE_SCOPES: readonly (readonly string[])[] = [
  ['okta.users.manage', 'okta.users.read'],
  ['okta.groups.manage', 'okta.apps.manage'],
  ['okta.logs.read'],
  ['okta.users.read', 'okta.policies.manage'],
  [],
];

function bodyOf(draft: AppDraft, i: number): JsonObject {
  const url = `https://app${i}.example.com`;
  switch (draft.mode) {
    case 'BOOKMARK':
      return { settings: { app: { url } } };
    case 'BASIC_AUTH':
      return { settings: { app: { url, authURL: `${url}/auth` } } };
    case 'BROWSER_PLUGIN':
    case 'SECURE_PASSWORD_STORE':
      return { settings: { app: { url, usernameField: 'user', passwordField: 'pass', buttonField: 'go' } } };
    case 'AUTO_LOGIN':
      return { settings: { signOn: { loginUrl: `${url}/login` } } };
    case 'OPENID_CONNECT': {
      const type = draft.isService ? 'service' : (['web', 'web', 'browser', 'native'] as const)[i % 4];
      return {
        credentials: {
          oauthClient: {
            token_endpoint_auth_method: draft.isService ? 'private_key_jwt' : type === 'browser' ? 'none' : 'client_secret_basic',
          },
        },
        settings: {
          oauthClient: {
            application_type: type,
            ...(draft.isService ? {} : { redirect_uris: [`${url}/callback`], grant_types: ['authorization_code', 'refresh_token'] }),
          },
        },
      };
    }
    default:
      return {};
  }
}

/** One to three keys. Of every eighth app the key in use ends within 60 days, or has ended; of some others only one that is not in use does. */
function makeKeys(org: Org, times: Times, app: App, kid: string, n: number): void {
  const later = (): number => times.between(-2500, -90);
  const soon = times.clear(times.now + (n % 24 === 2 ? -20.5 : 5.5 + (n % 50)) * DAY_MS);
  makeKey(org, app.id, app.created, n % 8 === 2 ? soon : later(), kid);
  if (n % 3 > 0) makeKey(org, app.id, times.clear(app.created + 30 * DAY_MS), n % 5 === 1 ? times.between(-59, -1) : later());
  if (n % 3 > 1) makeKey(org, app.id, times.clear(app.created + 60 * DAY_MS), later());
}

/** Assigns groups, 900 in all and at most 40 to an app, then users by hand up to each app's number. */
export function assignApps(
  org: Org,
  times: Times,
  plan: readonly AppDraft[],
  apps: ReadonlyMap<string, App>,
  groups: readonly GroupDraft[],
  drafts: readonly Draft[],
): void {
  const { random } = org;
  const present = drafts.filter((draft) => draft.status !== 'DEPROVISIONED');
  const everyone = org.groups.get(org.everyoneId);
  const plain = groups.filter((group) => group.role !== 'x' && group.role !== 'admin');
  // Half of the empty groups have no app: a group that nothing refers to must exist.
  const empty = plain.filter((group) => group.size === 0).filter((_, i) => i % 4 < 2);
  const filled = plain.filter((group) => group.size > 0);
  const small = plain.filter((group) => group.size > 0 && group.size <= 9);
  const middling = plain.filter((group) => group.size >= 10 && group.size <= 60);
  const large = plain.filter((group) => group.size >= 60 && group.size <= 300 && group.role === 'plain');
  let left = 900;
  const idle: AppDraft[] = [];
  for (const draft of plan) {
    const app = apps.get(draft.id);
    if (app === undefined) continue;
    const chosen: GroupDraft[] = [];
    if (draft.id === APP_X) chosen.push(...groups.filter((group) => group.role === 'x'));
    else if (draft.users === 10_000) chosen.push(...shuffled(random, filled).slice(0, 39));
    else if (draft.users === 1600) chosen.push(...shuffled(random, large).slice(0, 5));
    else if (draft.users === 260) chosen.push(...shuffled(random, middling).slice(0, random.below(9)));
    else if (draft.users === 20) chosen.push(...shuffled(random, small).slice(0, random.below(4)));
    else idle.push(draft);
    left -= give(org, times, app, chosen, draft, present, draft.users === 10_000 && everyone !== undefined);
  }
  // The rest goes to apps whose groups have nobody in them.
  for (const draft of idle) {
    const app = apps.get(draft.id);
    const count = Math.min(left, 40, empty.length);
    if (app === undefined || count === 0) continue;
    left -= give(org, times, app, shuffled(random, empty).slice(0, count), draft, present, false);
  }
  if (left !== 0) throw new RangeError(`${left} group assignments are left over`);
}

/** Assigns; gives how many group assignments it made. */
function give(
  org: Org,
  times: Times,
  app: App,
  chosen: readonly GroupDraft[],
  draft: AppDraft,
  present: readonly Draft[],
  toEveryone: boolean,
): number {
  const { random } = org;
  const through = new Set<Draft>();
  const taken = chosen.filter((group) => {
    const own = [...group.members].filter((member) => member.status !== 'DEPROVISIONED');
    const more = own.filter((member) => !through.has(member)).length;
    if (!toEveryone && through.size + more > draft.users) return false;
    for (const member of own) through.add(member);
    return true;
  });
  const all = new Set(toEveryone ? present : through);
  const byHand = new Set<Draft>();
  if (all.size < draft.users) fill(random, all, present, draft.users, (one) => (all.has(one) ? false : byHand.add(one) !== undefined));
  // Some were assigned by hand before a group brought them the same app.
  if (draft.id !== APP_X) {
    const pool = [...all];
    for (let i = 0; i < Math.min(pool.length, 3000) / 60; i++) byHand.add(random.pick(pool));
  }
  const pairs = appUsers(org);
  for (const id of [...all].map((one) => one.id).sort()) pairs.add(app.id, id);
  let priority = 0;
  const assign = (groupId: string): void => {
    const group = org.groups.get(groupId);
    if (group !== undefined) assignGroup(org, app, group, { priority: priority++ }, times.between(20, 99));
  };
  if (toEveryone) assign(org.everyoneId);
  for (const group of taken) assign(group.id);
  const records = org.collection(APP_USERS);
  for (const id of [...byHand].map((one) => one.id).sort()) {
    const user = org.users.get(id);
    if (user === undefined) continue;
    const at = times.clear(Math.max(app.created, user.created) + 7_200_000);
    records.put({
      id: pairId(app.id, id),
      appId: app.id,
      userId: id,
      scope: 'USER',
      created: at,
      lastUpdated: at,
      statusChanged: at,
      passwordChanged: null,
      externalId: null,
      userName: profileText(user.profile, 'login'),
      hasPassword: false,
      profile: {},
    });
  }
  return priority;
}

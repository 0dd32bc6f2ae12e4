import { groupOwners } from '../../families/groups/owners.ts';
import type { Org } from '../../org.ts';
import type { Json } from '../../types.ts';
import type { Draft } from './drafts.ts';
import { shuffled } from './draw.ts';
import type { GroupDraft, RuleDraft } from './group-plan.ts';
import type { Times } from './times.ts';

const TWINS = ['Finance Team', 'finance team', 'FINANCE TEAM', 'Vpn Users', 'VPN users', 'On-Call', 'on-call'];
const AWKWARD = [
  "Founders' circle",
  '"Quoted" group',
  'Back\\slash',
  '100% remote',
  'under_score',
  'Comma, inc.',
  'Line\nbreak',
  '=cmd()',
  'מכירות',
  'فريق',
  '東京オフィス',
  'Ünïcödé',
  ' leading space',
  'Sales %',
  "a'b''c",
  '\tTab',
];
const ROLE_NAMES = { sales: 'Sales', old: 'OLD', new: 'NEW' } as const;

/** Puts the groups and their members into the org; `sourceIds` are the apps that APP_GROUPs come from. */
export function makeGroups(org: Org, times: Times, groups: readonly GroupDraft[], sourceIds: readonly string[]): void {
  let [plain, x, admin] = [0, 0, 0];
  for (const draft of [...groups].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const created = times.between(20, 1090);
    const name =
      draft.role === 'x'
        ? `App X ${++x}`
        : draft.role === 'admin'
          ? `Administrators ${++admin}`
          : draft.role === 'plain'
            ? nameOf(plain++, draft.type)
            : ROLE_NAMES[draft.role];
    const source = sourceIds[plain % sourceIds.length];
    org.groups.put({
      id: draft.id,
      type: draft.type,
      created,
      lastUpdated: times.clear(created + (times.now - created) * org.random.next()),
      lastMembershipUpdated: times.clear(created + (times.now - created) * org.random.next()),
      profile: { name, description: descriptionOf(plain) },
      objectClass: draft.type === 'APP_GROUP' ? ['okta:windows_security_principal'] : ['okta:user_group'],
      ...(draft.type === 'APP_GROUP' && source !== undefined ? { sourceId: source } : {}),
    });
    const ids = [...draft.members].map((member) => member.id).sort();
    for (const id of ids) org.members.add(draft.id, id);
  }
}

function nameOf(i: number, type: GroupDraft['type']): string {
  const special = i < TWINS.length ? TWINS[i] : AWKWARD[i - TWINS.length];
  return special ?? `${type === 'APP_GROUP' ? 'app' : 'team'}-${String(i).padStart(4, '0')}`;
}

function descriptionOf(i: number): Json {
  if (i % 7 === 0) return null;
  return i % 7 === 1 ? '' : `Group number ${i}, "kept" by IT`;
}

/** Puts the rules into the org, and notes which memberships they gave. */
export function makeRules(org: Org, times: Times, rules: readonly RuleDraft[]): void {
  for (const [i, rule] of rules.entries()) {
    const created = times.between(20, 1000);
    const made = org.groupRules.put({
      id: org.ids.next('0pr'),
      name:
        i === 0
          ? 'Old cost centre'
          : i === 1
            ? 'Sales department'
            : i % 50 === 7
              ? `Rule "${i}", it's complicated`
              : `Rule ${String(i).padStart(3, '0')}`,
      status: rule.status,
      created,
      lastUpdated: times.clear(created + (times.now - created) * org.random.next()),
      expression: rule.expression,
      excludedUsers: rule.excluded.map((draft) => draft.id),
      excludedGroups: [],
      groupIds: rule.targets,
    });
    for (const group of rule.groups) for (const draft of rule.members) org.ruleMembers.add(`${made.id}/${group.id}`, draft.id);
  }
}

/** 620 OKTA_GROUPs have one owner or two: 170 users, 12 of them DEPROVISIONED, and 10 groups. */
export function makeOwners(org: Org, times: Times, groups: readonly GroupDraft[], drafts: readonly Draft[]): void {
  const { random } = org;
  const owned = shuffled(
    random,
    groups.filter((group) => group.type === 'OKTA_GROUP'),
  ).slice(0, 620);
  const gone = shuffled(
    random,
    drafts.filter((draft) => draft.status === 'DEPROVISIONED'),
  ).slice(0, 12);
  const present = shuffled(
    random,
    drafts.filter((draft) => draft.status !== 'DEPROVISIONED' && draft.status !== 'STAGED'),
  ).slice(0, 158);
  const ownerGroups = shuffled(
    random,
    groups.filter((group) => group.type === 'OKTA_GROUP' && group.size > 0),
  ).slice(0, 10);
  const owners = shuffled(random, [
    ...[...gone, ...present].map((draft) => ({ id: draft.id, type: 'USER' as const })),
    ...ownerGroups.map((group) => ({ id: group.id, type: 'GROUP' as const })),
  ]);
  const records = org.collection(groupOwners);
  let next = 0;
  for (const [i, group] of owned.entries()) {
    for (let n = 0; n < (i % 3 === 0 ? 2 : 1); n++) {
      let owner = owners[next++ % owners.length];
      if (owner?.id === group.id) owner = owners[next++ % owners.length];
      if (owner === undefined) continue;
      records.put({
        id: `${group.id}/${owner.id}`,
        groupId: group.id,
        ownerId: owner.id,
        type: owner.type,
        lastUpdated: times.between(20, 700),
      });
    }
  }
}

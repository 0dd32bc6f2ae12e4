import type { Org } from '../../org.ts';
import type { Draft } from './drafts.ts';
import { dealt, fill, shuffled } from './draw.ts';

export const GROUP_SALES = '00gSALES000000000001';
export const GROUP_OLD = '00gOLD00000000000001';
export const GROUP_NEW = '00gNEW00000000000001';

/** A group before it is made. */
export interface GroupDraft {
  readonly id: string;
  readonly type: 'OKTA_GROUP' | 'APP_GROUP';
  readonly role: 'sales' | 'old' | 'new' | 'x' | 'admin' | 'plain';
  readonly size: number;
  readonly members: Set<Draft>;
}

/** Sizes of the groups of 1 to 199, 834 of them with 30,200 members in all. NEW and the administrators' groups are among them. */
function smallSizes(org: Org): number[] {
  const { random } = org;
  const count = 834 - 4;
  const sizes = Array.from({ length: count }, (_, i) =>
    i < 320 ? 1 + random.below(9) : i < 700 ? 10 + random.below(50) : 60 + random.below(139),
  );
  let rest = 30_200 - 55 - sizes.reduce((sum, size) => sum + size, 0);
  for (let i = 320; rest !== 0; i = i + 1 < count ? i + 1 : 320) {
    const size = sizes[i] as number;
    if (rest > 0 && size < 199) {
      sizes[i] = size + 1;
      rest--;
    } else if (rest < 0 && size > 10) {
      sizes[i] = size - 1;
      rest++;
    }
  }
  return sizes;
}

/** All groups but Everyone, in order of id, without members. */
export function planGroups(org: Org): GroupDraft[] {
  const { random } = org;
  const groups: GroupDraft[] = [];
  const add = (size: number, type: GroupDraft['type'], role: GroupDraft['role'] = 'plain', id = org.ids.next('00g')): void => {
    groups.push({ id, type, role, size, members: new Set() });
  };
  add(40, 'OKTA_GROUP', 'new', GROUP_NEW);
  add(300, 'OKTA_GROUP', 'old', GROUP_OLD);
  add(990, 'OKTA_GROUP', 'sales', GROUP_SALES);
  // The other 997: 697 OKTA_GROUP and 299 APP_GROUP, large, small and empty ones among both.
  const rest: [number, GroupDraft['role'], GroupDraft['type'] | undefined][] = [
    ...Array.from({ length: 9 }, (): [number, 'x', 'OKTA_GROUP'] => [300, 'x', 'OKTA_GROUP']),
    [6, 'admin', 'OKTA_GROUP'],
    [5, 'admin', 'OKTA_GROUP'],
    [4, 'admin', 'OKTA_GROUP'],
    ...[
      ...Array.from({ length: 19 }, () => 990),
      ...Array.from({ length: 90 }, () => 300),
      ...smallSizes(org),
      ...Array.from({ length: 45 }, () => 0),
    ].map((size): [number, 'plain', undefined] => [size, 'plain', undefined]),
  ];
  const plain = rest.filter(([, , type]) => type === undefined).length;
  const types = dealt<GroupDraft['type']>(random, [
    ['APP_GROUP', 299],
    ['OKTA_GROUP', plain - 299],
  ]);
  for (const [size, role, type] of shuffled(random, rest)) add(size, type ?? (types.pop() as GroupDraft['type']), role);
  return groups;
}

/** A rule before it is made: who fits it, and where they go. */
export interface RuleDraft {
  readonly status: 'ACTIVE' | 'INACTIVE' | 'INVALID';
  readonly expression: string;
  readonly targets: readonly string[];
  readonly groups: readonly GroupDraft[];
  /** Members of all its groups because of it. */
  readonly members: readonly Draft[];
  /** People who fit, or once did, and are kept out. */
  readonly excluded: readonly Draft[];
}

/**
 * 400 rules over 520 targets, none of them shared. An ACTIVE rule's members are exactly those who fit it and are not excluded, so evaluating the rules
 * again changes nothing.
 */
export function planRules(org: Org, groups: readonly GroupDraft[], drafts: readonly Draft[]): RuleDraft[] {
  const { random } = org;
  const free = shuffled(
    random,
    drafts.filter((draft) => draft.status !== 'DEPROVISIONED' && !draft.isX && draft.department !== 'Sales'),
  );
  // Half of the empty groups are nobody's target.
  const spared = new Set(groups.filter((group) => group.size === 0).filter((_, i) => i % 2 === 0));
  const candidates = groups.filter((group) => group.type === 'OKTA_GROUP' && group.role === 'plain' && !spared.has(group));
  const old = groups.find((group) => group.role === 'old') as GroupDraft;
  const sales = groups.find((group) => group.role === 'sales') as GroupDraft;
  const ofX = groups.filter((group) => group.role === 'x').slice(0, 5);
  const targets = shuffled(random, [...ofX, ...shuffled(random, candidates).slice(0, 505 - 2 - ofX.length)]);
  const gone = Array.from({ length: 15 }, () => org.ids.next('00g'));

  const rules: RuleDraft[] = [];
  const add = (
    status: RuleDraft['status'],
    own: readonly GroupDraft[],
    dangling: readonly string[],
    matching: number | undefined,
    excludes: number,
  ): void => {
    const number = rules.length + 1;
    const limit = own.length === 0 ? 0 : Math.min(...own.map((group) => Math.floor(group.size / 3)));
    const code = `CC-${String(number).padStart(4, '0')}`;
    const members = status === 'ACTIVE' ? free.splice(0, matching ?? Math.min(limit, random.below(16))) : [];
    const excluded = excludes > 20 ? free.splice(0, excludes) : free.slice(0, excludes);
    for (const draft of members) draft.costCenter = code;
    if (excludes > 20) for (const draft of excluded) draft.costCenter = code;
    rules.push({
      status,
      expression: expressionOf(number, code),
      targets: [...own.map((group) => group.id), ...dangling],
      groups: own,
      members,
      excluded,
    });
  };
  add('ACTIVE', [old], [], 30, 0);
  rules.push({
    status: 'INACTIVE',
    expression: 'user.department=="Sales"',
    targets: [sales.id],
    groups: [sales],
    members: [],
    excluded: [],
  });
  // 398 to go, with 518 targets: 120 have two. Dangling ones: 8 of ACTIVE, 4 of INACTIVE, 3 of INVALID rules.
  for (let i = 0; i < 398; i++) {
    const status = i < 359 ? 'ACTIVE' : i < 393 ? 'INACTIVE' : 'INVALID';
    const dangles = i < 8 || (i >= 359 && i < 363) || i >= 395;
    const hasTwo = i % 3 === 0 && i < 360;
    const dangling = dangles ? [gone.pop() as string] : [];
    const own = targets.splice(0, (hasTwo ? 2 : 1) - dangling.length);
    add(status, own, dangling, undefined, i >= 20 && i < 26 ? 81 + (i - 20) * 3 : i % 9 === 0 ? 1 + random.below(4) : 0);
  }
  let centre = 0;
  for (const draft of drafts) if (draft.costCenter === '') draft.costCenter = `CC-9${String(centre++ % 90).padStart(3, '0')}`;
  return rules;
}

function expressionOf(number: number, code: string): string {
  if (number % 10 === 3) return `String.startsWith(user.costCenter,"${code}")`;
  if (number % 10 === 6) return `user.costCenter=="${code}" AND user.login!=null`;
  if (number % 10 === 8) return `user.costCenter=="${code}" OR user.costCenter=="${code}-b"`;
  return `user.costCenter=="${code}"`;
}

/** Fills the groups to their sizes: 80,000 memberships, 3,000 of them of DEPROVISIONED users. */
export function planMembers(
  org: Org,
  groups: readonly GroupDraft[],
  rules: readonly RuleDraft[],
  drafts: readonly Draft[],
  administrators: readonly (readonly Draft[])[],
): void {
  const { random } = org;
  for (const rule of rules) for (const group of rule.groups) for (const draft of rule.members) group.members.add(draft);
  const present = drafts.filter((draft) => draft.status !== 'DEPROVISIONED');
  const gone = drafts.filter((draft) => draft.status === 'DEPROVISIONED');
  const of = (role: GroupDraft['role']): GroupDraft[] => groups.filter((group) => group.role === role);

  for (const people of administrators) {
    const group = of('admin').find((one) => one.size === people.length);
    for (const draft of people) group?.members.add(draft);
  }
  for (const sales of of('sales')) fillSales(org, sales, drafts);
  const [old, fresh] = [of('old')[0] as GroupDraft, of('new')[0] as GroupDraft];
  fill(random, old.members, present, old.size);
  for (const draft of [...old.members].slice(25, 35)) fresh.members.add(draft);
  fill(random, fresh.members, present, fresh.size, (draft) => !old.members.has(draft));
  fillX(org, of('x'), present, gone);

  const plain300 = groups.filter((group) => group.role === 'plain' && group.size === 300);
  const plain990 = groups.filter((group) => group.role === 'plain' && group.size === 990).slice(0, 12);
  for (const group of plain300) fill(random, group.members, gone, group.members.size + 19);
  for (const group of plain990) fill(random, group.members, gone, group.members.size + 100);
  for (const group of groups) fill(random, group.members, present, group.size);
}

function fillSales(org: Org, group: GroupDraft, drafts: readonly Draft[]): void {
  const { random } = org;
  const some = (size: number, test: (draft: Draft) => boolean): void => {
    const pool = drafts.filter(test);
    fill(random, group.members, pool, group.members.size + size);
  };
  some(900, (draft) => draft.status === 'ACTIVE' && draft.department === 'Sales');
  some(10, (draft) => draft.status === 'ACTIVE' && draft.department !== 'Sales' && draft.department?.toLowerCase() === 'sales');
  some(40, (draft) => draft.status !== 'ACTIVE' && draft.status !== 'DEPROVISIONED' && draft.department === 'Sales');
  some(40, (draft) => draft.status === 'ACTIVE' && draft.department?.toLowerCase() !== 'sales');
}

/** App X's nine groups: exactly 1,500 people who are not DEPROVISIONED between them, each in one or more. */
function fillX(org: Org, groups: readonly GroupDraft[], present: readonly Draft[], gone: readonly Draft[]): void {
  const { random } = org;
  const people = new Set<Draft>();
  for (const group of groups) for (const draft of group.members) people.add(draft);
  fill(random, people, present, 1500);
  const pool = [...people];
  const placed = new Set<Draft>();
  for (const group of groups) for (const draft of group.members) placed.add(draft);
  const waiting = shuffled(
    random,
    pool.filter((draft) => !placed.has(draft)),
  );
  groups.forEach((group, i) => {
    const share = Math.ceil(waiting.length / (groups.length - i));
    for (const draft of waiting.splice(0, Math.min(share, 290 - group.members.size))) group.members.add(draft);
    fill(random, group.members, pool, 290);
    fill(random, group.members, gone, 300);
  });
}

import type { Org } from '../../org.ts';
import { grantRole, makeToken } from '../grants.ts';
import type { Draft } from './drafts.ts';
import { shuffled } from './draw.ts';
import type { GroupDraft } from './group-plan.ts';
import type { Times } from './times.ts';

/** Who administers: 25 directly, 15 through three groups. */
export interface Administrators {
  readonly supers: readonly Draft[];
  readonly direct: readonly Draft[];
  readonly byGroup: readonly (readonly Draft[])[];
}

export function planAdministrators(org: Org, drafts: readonly Draft[]): Administrators {
  const { random } = org;
  const active = shuffled(
    random,
    drafts.filter((draft) => draft.status === 'ACTIVE' && draft.lastLogin !== null && !draft.isX),
  );
  const one = (status: Draft['status']): Draft => drafts.find((draft) => draft.status === status) as Draft;
  const direct = [...active.splice(0, 22), one('SUSPENDED'), one('LOCKED_OUT'), one('PASSWORD_EXPIRED')];
  return { supers: direct.slice(0, 5), direct, byGroup: [active.splice(0, 6), active.splice(0, 5), active.splice(0, 4)] };
}

const ROLES = [
  'ORG_ADMIN',
  'APP_ADMIN',
  'USER_ADMIN',
  'HELP_DESK_ADMIN',
  'READ_ONLY_ADMIN',
  'REPORT_ADMIN',
  'MOBILE_ADMIN',
  'API_ACCESS_MANAGEMENT_ADMIN',
] as const;

/** Grants the roles: 5 super administrators; three of the others hold two roles. */
export function makeAdministrators(org: Org, times: Times, administrators: Administrators, groups: readonly GroupDraft[]): void {
  const { supers, direct } = administrators;
  for (const draft of supers) grantRole(org, 'USER', draft.id, 'SUPER_ADMIN', times.between(20, 300));
  direct.slice(5).forEach((draft, i) => {
    grantRole(org, 'USER', draft.id, ROLES[i % ROLES.length] as string, times.between(20, 300));
    if (i >= 4 && i < 7) grantRole(org, 'USER', draft.id, ROLES[(i + 3) % ROLES.length] as string, times.between(20, 300));
  });
  groups
    .filter((group) => group.role === 'admin')
    .forEach((group, i) => {
      grantRole(org, 'GROUP', group.id, ['HELP_DESK_ADMIN', 'USER_ADMIN', 'REPORT_ADMIN'][i] as string, times.between(20, 300));
    });
}

/** 60 API tokens of 24 owners: 19 administrators, 3 without a role, 2 DEPROVISIONED. */
export function makeTokens(org: Org, times: Times, administrators: Administrators, drafts: readonly Draft[]): void {
  const { random } = org;
  const known = new Set([...administrators.direct, ...administrators.byGroup.flat()]);
  // User X is one of those without a role: containing X leaves API tokens behind.
  const plain = [
    ...drafts.filter((draft) => draft.isX),
    ...drafts.filter((draft) => draft.status === 'ACTIVE' && !draft.isX && !known.has(draft)).slice(100, 102),
  ];
  const gone = drafts.filter((draft) => draft.status === 'DEPROVISIONED').slice(50, 52);
  const owners = [...administrators.direct.slice(0, 15), ...administrators.byGroup.flat().slice(3, 7), ...plain, ...gone];
  for (let i = 0; i < 60; i++) {
    const owner = owners[i < owners.length ? i : random.below(owners.length)] as Draft;
    const created = times.between(25, 700);
    const lastUpdated = times.between(0.3, 20);
    makeToken(org, {
      name: i % 20 === 7 ? `"token" ${i}, it's old` : `${['terraform', 'hr-sync', 'siem', 'jenkins', 'backup', 'script'][i % 6]}-${i}`,
      userId: owner.id,
      clientName: i % 9 === 4 ? 'Okta AD Agent' : 'Okta API',
      created,
      lastUpdated,
      expiresAt: times.clear(lastUpdated + 30 * 86_400_000),
      network: i % 3 === 0 && i > 5 ? { connection: 'ZONE', include: [`nzo${String(i).padStart(17, '0')}`] } : { connection: 'ANYWHERE' },
    });
  }
}

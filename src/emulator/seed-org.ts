import type { Org } from './org.ts';
import { SEEDS } from './seeds.ts';
import { seedFromFile } from './seeds/from-file.ts';
import { makeUser } from './seeds/make-user.ts';
import type { EmulatorOptions } from './types.ts';

const DAY_MS = 86_400_000;

/** Lays the administrator and its API token, which every org has, then the seed. */
export function seedOrg(org: Org, options: EmulatorOptions, token: string): void {
  const now = org.clock.now();
  const admin = makeUser(org, {
    status: 'ACTIVE',
    created: now - 400 * DAY_MS,
    profile: { firstName: 'Org', lastName: 'Admin', mobilePhone: null, secondEmail: null, login: 'admin@example.com', email: 'admin@example.com' },
    password: 'Admin!Pass-1',
  });
  org.users.put({ ...admin, lastLogin: Math.floor(now / 1000) * 1000 });
  org.roleAssignments.put({
    id: `${admin.id}/KNKVARKSL5AUITKJJY`,
    assignmentId: 'KNKVARKSL5AUITKJJY',
    principalId: admin.id,
    principalType: 'USER',
    type: 'SUPER_ADMIN',
    created: admin.created,
    lastUpdated: admin.created,
    groupTargets: [],
    appTargets: [],
  });
  const made = Math.floor(now / 1000) * 1000 - DAY_MS;
  org.apiTokens.put({
    id: org.ids.next('00T'),
    secret: token,
    name: 'orgql',
    userId: admin.id,
    clientName: 'Okta API',
    created: made,
    lastUpdated: made,
    expiresAt: made + 31 * DAY_MS,
    network: { connection: 'ANYWHERE' },
  });
  const seed = options.seed ?? 'empty';
  const users = options.users ?? 0;
  if (typeof seed === 'function') seed(org, { users });
  else if (typeof seed === 'string') {
    const named = SEEDS[seed];
    if (named === undefined) throw new RangeError(`Unknown seed "${seed}": one of ${Object.keys(SEEDS).join(', ')}`);
    named(org, { users });
  } else seedFromFile(org, seed, { users });
}

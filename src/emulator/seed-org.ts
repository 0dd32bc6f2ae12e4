import { assignmentIdOf } from './admin-roles.ts';
import type { ApiToken, User } from './model.ts';
import type { Org } from './org.ts';
import { seedFromFile } from './seeds/from-file.ts';
import { makeUser } from './seeds/make-user.ts';
import { SEEDS } from './seeds.ts';
import { wholeSecond } from './time.ts';
import type { EmulatorOptions } from './types.ts';

const DAY_MS = 86_400_000;

/** Lays the seed, then gives the emulator's API token to an administrator: one of the seed's where it has any, so that its counts hold. */
export function seedOrg(org: Org, options: EmulatorOptions, token: string): void {
  const seed = options.seed ?? 'empty';
  const users = options.users ?? 0;
  if (typeof seed === 'function') seed(org, { users });
  else if (typeof seed === 'string') {
    const named = SEEDS[seed];
    if (named === undefined) throw new RangeError(`Unknown seed "${seed}": one of ${Object.keys(SEEDS).join(', ')}`);
    named(org, { users });
  } else seedFromFile(org, seed, { users });

  const owner = administrator(org);
  const made = wholeSecond(org.clock.now());
  const own = org.apiTokens.find((candidate) => candidate.userId === owner.id);
  const fresh: ApiToken = {
    id: own?.id ?? org.ids.next('00T'),
    secret: token,
    name: 'orgql',
    userId: owner.id,
    clientName: 'Okta API',
    created: made,
    lastUpdated: made,
    expiresAt: made + 30 * DAY_MS,
    network: { connection: 'ANYWHERE' },
  };
  org.apiTokens.put(own === undefined ? fresh : { ...own, secret: token, expiresAt: Math.max(own.expiresAt, fresh.expiresAt) });
}

/** The first active super administrator; else the first active user is made one; else a user is made. */
function administrator(org: Org): User {
  const assignment = org.roleAssignments.find(
    (candidate) =>
      candidate.type === 'SUPER_ADMIN' && candidate.principalType === 'USER' && org.users.get(candidate.principalId)?.status === 'ACTIVE',
  );
  const known = assignment === undefined ? undefined : org.users.get(assignment.principalId);
  if (known !== undefined) return known;
  const user = firstActive(org) ?? newAdministrator(org);
  const assignmentId = assignmentIdOf('SUPER_ADMIN');
  org.roleAssignments.put({
    id: `${user.id}/${assignmentId}`,
    assignmentId,
    principalId: user.id,
    principalType: 'USER',
    type: 'SUPER_ADMIN',
    created: user.created,
    lastUpdated: user.created,
    groupTargets: [],
    appTargets: [],
  });
  return user;
}

function firstActive(org: Org): User | undefined {
  for (const user of org.users.values()) if (user.status === 'ACTIVE') return user;
  return undefined;
}

function newAdministrator(org: Org): User {
  const now = org.clock.now();
  return makeUser(org, {
    status: 'ACTIVE',
    created: now - 400 * DAY_MS,
    lastLogin: wholeSecond(now) - 3_600_000,
    profile: {
      firstName: 'Org',
      lastName: 'Admin',
      mobilePhone: null,
      secondEmail: null,
      login: 'admin@example.com',
      email: 'admin@example.com',
    },
    password: 'Admin!Pass-1',
  });
}

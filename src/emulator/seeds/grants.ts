import { assignmentIdOf } from '../admin-roles.ts';
import type { ApiToken, RoleAssignment } from '../model.ts';
import type { Org } from '../org.ts';
import { wholeSecond } from '../time.ts';

/** Gives a standard role to a user or group. Logs nothing. */
export function grantRole(org: Org, principalType: 'USER' | 'GROUP', principalId: string, type: string, createdMs: number): RoleAssignment {
  const created = wholeSecond(createdMs);
  const assignmentId = assignmentIdOf(type);
  return org.roleAssignments.put({
    id: `${principalId}/${assignmentId}`,
    assignmentId,
    principalId,
    principalType,
    type,
    created,
    lastUpdated: created,
    groupTargets: [],
    appTargets: [],
  });
}

/** Puts an API token into the org. Logs nothing. */
export function makeToken(org: Org, parts: Pick<ApiToken, 'name' | 'userId' | 'created' | 'lastUpdated'> & Partial<ApiToken>): ApiToken {
  const DAY_MS = 86_400_000;
  return org.apiTokens.put({
    id: org.ids.next('00T'),
    secret: org.random.text(42),
    clientName: 'Okta API',
    expiresAt: parts.lastUpdated + 30 * DAY_MS,
    network: { connection: 'ANYWHERE' },
    ...parts,
  });
}

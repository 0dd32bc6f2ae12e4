import { STANDARD_ROLES } from '../../admin-roles.ts';
import { groupIdsOf } from '../../membership.ts';
import type { RoleAssignment } from '../../model.ts';
import type { Org } from '../../org.ts';
import { isoTime } from '../../time.ts';
import type { JsonObject } from '../../types.ts';
import { groupJson } from '../groups/render.ts';
import { appTargetJson } from './targets.ts';

/** Roles of a user: its own, then those of its groups. */
export function assignmentsOfUser(org: Org, userId: string): readonly RoleAssignment[] {
  const own = org.roleAssignments.by(userId);
  const byGroups = groupIdsOf(org, userId).flatMap((groupId) => org.roleAssignments.by(groupId));
  return byGroups.length === 0 ? own : [...own, ...byGroups];
}

/** Ids, ascending, of all users who hold a role, be it through a group. */
export function administratorIds(org: Org): readonly string[] {
  const ids = new Set<string>();
  for (const assignment of org.roleAssignments.values()) {
    if (assignment.principalType === 'USER') ids.add(assignment.principalId);
    if (assignment.principalType === 'GROUP') {
      const members = assignment.principalId === org.everyoneId ? org.users.presentIds : org.members.rightsOf(assignment.principalId);
      for (const id of members) ids.add(id);
    }
  }
  return [...ids].sort();
}

/** A role assignment as it is shown; `expand` adds its targets. */
export function roleJson(org: Org, assignment: RoleAssignment, expand: ReadonlySet<string> = new Set()): JsonObject {
  const isCustom = assignment.type === 'CUSTOM';
  const area = assignment.principalType === 'GROUP' ? 'groups' : 'users';
  const label = STANDARD_ROLES[assignment.type] ?? customLabel(org, assignment.role);
  const targets: Record<string, JsonObject | readonly JsonObject[]> = {};
  if (expand.has('targets/groups'))
    targets.groups = assignment.groupTargets.flatMap((id) => {
      const group = org.groups.get(id);
      return group === undefined ? [] : [groupJson(org, group)];
    });
  if (expand.has('targets/catalog/apps')) targets.catalog = { apps: assignment.appTargets.map((target) => appTargetJson(org, target)) };
  return {
    id: assignment.assignmentId,
    ...(isCustom ? { role: assignment.role ?? null } : {}),
    label,
    type: assignment.type,
    status: 'ACTIVE',
    created: isoTime(assignment.created),
    lastUpdated: isoTime(assignment.lastUpdated),
    assignmentType: assignment.principalType,
    ...(isCustom ? { 'resource-set': assignment.resourceSet ?? null } : {}),
    ...(Object.keys(targets).length === 0 ? {} : { _embedded: { targets } }),
    _links: {
      assignee: { href: `${org.origin}/api/v1/${area}/${assignment.principalId}` },
      ...(isCustom
        ? {
            role: { href: `${org.adminOrigin}/api/v1/iam/roles/${assignment.role}` },
            'resource-set': { href: `${org.adminOrigin}/api/v1/iam/resource-sets/${assignment.resourceSet}` },
          }
        : {}),
    },
  };
}

/** The family of custom roles keeps their labels by id. */
function customLabel(org: Org, roleId: string | undefined): string {
  const labels = org.value('customRoleLabels', () => new Map<string, string>()).value;
  return labels.get(roleId ?? '') ?? 'Custom Role';
}

import { assignmentIdOf, STANDARD_ROLES } from '../admin-roles.ts';
import { target } from '../log-writer.ts';
import { displayName } from '../membership.ts';
import { profileText, type RoleAssignment } from '../model.ts';
import { cursorOf, limitOf } from '../paging.ts';
import { invalid, notFound, refuse } from '../refusal.ts';
import { arrayOf, empty, json, text } from '../reply.ts';
import { wholeSecond } from '../time.ts';
import type { Call, Family, JsonObject, Reply, Route } from '../types.ts';
import { groupOf } from './groups/changes.ts';
import { administratorIds, assignmentsOfUser, roleJson } from './roles/assignments.ts';
import {
  addAppTarget,
  addGroupTarget,
  clearAppTargets,
  listAppTargets,
  listGroupTargets,
  removeAppTarget,
  removeGroupTarget,
} from './roles/targets.ts';
import { userOf } from './users/changes.ts';
import { firstAfter } from './users/list.ts';

type Principal = { readonly id: string; readonly type: 'USER' | 'GROUP'; readonly name: string };

/** Administrator roles of users and groups, their targets, and the list of all who have one. */
export const roles: Family = {
  name: 'roles',
  routes: [
    ...routesOf('/api/v1/users/{userId}/roles', 'groupId', (call) => {
      const user = userOf(call);
      return { id: user.id, type: 'USER', name: displayName(user) };
    }),
    ...routesOf('/api/v1/groups/{groupId}/roles', 'targetGroupId', (call) => {
      const group = groupOf(call);
      return { id: group.id, type: 'GROUP', name: profileText(group.profile, 'name') };
    }),
    { method: 'GET', path: '/api/v1/iam/assignees/users', handle: listAssignees },
  ],
};

function routesOf(all: string, groupParameter: string, principalOf: (call: Call) => Principal): Route[] {
  const one = `${all}/{roleId}`;
  const groupTargets = `${one}/targets/groups`;
  const appTargets = `${one}/targets/catalog/apps`;
  const withRole =
    (handle: (call: Call, assignment: RoleAssignment, principal: Principal) => Reply) =>
    (call: Call): Reply => {
      const principal = principalOf(call);
      const id = call.params.roleId ?? '';
      const assignment = call.org.roleAssignments.get(`${principal.id}/${id}`);
      if (assignment === undefined) throw notFound(id, 'RoleAssignment');
      return handle(call, assignment, principal);
    };
  const group = (call: Call): string => call.params[groupParameter] ?? '';
  const app = (call: Call): string => call.params.appName ?? '';
  return [
    { method: 'GET', path: all, handle: (call) => listRoles(call, principalOf(call)) },
    { method: 'POST', path: all, handle: (call) => assign(call, principalOf(call)) },
    { method: 'GET', path: one, handle: withRole((call, assignment) => json(200, roleJson(call.org, assignment, expansion(call)))) },
    { method: 'DELETE', path: one, handle: withRole(unassign) },
    { method: 'GET', path: groupTargets, handle: withRole(listGroupTargets) },
    {
      method: 'PUT',
      path: `${groupTargets}/{${groupParameter}}`,
      handle: withRole((call, assignment) => addGroupTarget(call, assignment, group(call))),
    },
    {
      method: 'DELETE',
      path: `${groupTargets}/{${groupParameter}}`,
      handle: withRole((call, assignment) => removeGroupTarget(call, assignment, group(call))),
    },
    { method: 'GET', path: appTargets, handle: withRole(listAppTargets) },
    { method: 'PUT', path: appTargets, handle: withRole(clearAppTargets) },
    { method: 'PUT', path: `${appTargets}/{appName}`, handle: withRole((call, assignment) => addAppTarget(call, assignment, app(call))) },
    {
      method: 'DELETE',
      path: `${appTargets}/{appName}`,
      handle: withRole((call, assignment) => removeAppTarget(call, assignment, app(call))),
    },
    {
      method: 'PUT',
      path: `${appTargets}/{appName}/{applicationId}`,
      handle: withRole((call, assignment) => addAppTarget(call, assignment, app(call), call.params.applicationId)),
    },
    {
      method: 'DELETE',
      path: `${appTargets}/{appName}/{applicationId}`,
      handle: withRole((call, assignment) => removeAppTarget(call, assignment, app(call), call.params.applicationId)),
    },
  ];
}

function expansion(call: Call): ReadonlySet<string> {
  return new Set((call.query.get('expand') ?? '').split(',').filter((name) => name !== ''));
}

function listRoles(call: Call, principal: Principal): Reply {
  const assignments = principal.type === 'USER' ? assignmentsOfUser(call.org, principal.id) : call.org.roleAssignments.by(principal.id);
  const expand = expansion(call);
  return text(200, arrayOf(assignments.map((assignment) => JSON.stringify(roleJson(call.org, assignment, expand)))));
}

function assign(call: Call, principal: Principal): Reply {
  const { org } = call;
  const body = call.json();
  const { type, role, 'resource-set': resourceSet } = body;
  if (typeof type !== 'string' || type === '') throw invalid('type', ['type: The field cannot be left blank']);
  const isCustom = type === 'CUSTOM';
  if (!isCustom && !Object.hasOwn(STANDARD_ROLES, type)) throw invalid('type', ['type: The field has an invalid value']);
  if (isCustom && (typeof role !== 'string' || typeof resourceSet !== 'string'))
    throw invalid('role', ['role: The field cannot be left blank', 'resource-set: The field cannot be left blank']);
  const own = org.roleAssignments.by(principal.id);
  const isTwin = own.some((other) => other.type === type && (!isCustom || (other.role === role && other.resourceSet === resourceSet)));
  if (isTwin) throw refuse('E0000090', ['The role specified is already assigned to the user.']);
  const assignmentId = isCustom ? org.ids.next('irb') : assignmentIdOf(type);
  const now = wholeSecond(call.now);
  const assignment = org.roleAssignments.put({
    id: `${principal.id}/${assignmentId}`,
    assignmentId,
    principalId: principal.id,
    principalType: principal.type,
    type,
    ...(isCustom ? { role: String(role), resourceSet: String(resourceSet) } : {}),
    created: now,
    lastUpdated: now,
    groupTargets: [],
    appTargets: [],
  });
  logRole(call, principal, assignment, 'grant');
  return json(201, roleJson(org, assignment));
}

function unassign(call: Call, assignment: RoleAssignment, principal: Principal): Reply {
  call.org.roleAssignments.delete(assignment.id);
  logRole(call, principal, assignment, 'revoke');
  return empty(204);
}

function logRole(call: Call, principal: Principal, assignment: RoleAssignment, change: 'grant' | 'revoke'): void {
  const isUser = principal.type === 'USER';
  call.log(isUser ? `user.account.privilege.${change}` : `group.privilege.${change}`, {
    targets: [
      target(isUser ? 'User' : 'UserGroup', principal.id, principal.name),
      target('ROLE', assignment.assignmentId, STANDARD_ROLES[assignment.type] ?? assignment.type),
    ],
    debugData: { privilegeGranted: STANDARD_ROLES[assignment.type] ?? assignment.type },
  });
}

/** Users with a role, paged in the body as all of `/iam` is. */
function listAssignees(call: Call): Reply {
  const { org } = call;
  const limit = limitOf(call, { fallback: 100, max: 100 });
  const after = cursorOf(call);
  const ids = administratorIds(org);
  const start = after === undefined ? 0 : firstAfter(ids, after);
  const shown = ids.slice(start, start + limit);
  const last = shown[shown.length - 1];
  const links: Record<string, JsonObject> = {};
  if (last !== undefined && start + limit < ids.length)
    links.next = { href: `${org.adminOrigin}/api/v1/iam/assignees/users?after=${last}&limit=${limit}` };
  const value = shown.map((id) => ({
    id,
    orn: `orn:okta:directory:${org.id}:users:${id}`,
    _links: { self: { href: `${org.origin}/api/v1/users/${id}` }, roles: { href: `${org.origin}/api/v1/users/${id}/roles` } },
  }));
  return json(200, { value, _links: links }, [['link', `<${org.adminOrigin}${call.path}?limit=${limit}>; rel="self"`]]);
}

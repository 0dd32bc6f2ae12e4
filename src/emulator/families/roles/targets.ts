import { target } from '../../log-writer.ts';
import type { RoleAssignment } from '../../model.ts';
import type { Org } from '../../org.ts';
import { BASE64_CURSOR, page } from '../../paging.ts';
import { invalid, notFound, refuse } from '../../refusal.ts';
import { empty } from '../../reply.ts';
import { isoTime, wholeSecond } from '../../time.ts';
import type { Call, JsonObject, Reply } from '../../types.ts';
import { groupText } from '../groups/render.ts';

const GROUP_TARGETED: ReadonlySet<string> = new Set(['USER_ADMIN', 'HELP_DESK_ADMIN', 'GROUP_MEMBERSHIP_ADMIN']);
const APP_TARGETED: ReadonlySet<string> = new Set(['APP_ADMIN']);
const LIMIT = { fallback: 20, max: 200 };

/** Looks an app instance up: its name (`salesforce`), or `undefined`. The family of apps sets it. */
export type AppLookup = (org: Org, appId: string) => { readonly name: string; readonly label: string } | undefined;

export function appLookup(org: Org): { value: AppLookup | undefined } {
  return org.value<AppLookup | undefined>('appLookup', () => undefined);
}

export function listGroupTargets(call: Call, assignment: RoleAssignment): Reply {
  check(assignment, GROUP_TARGETED);
  const groups = assignment.groupTargets.flatMap((id) => call.org.groups.get(id) ?? []);
  return page(call, groups, {
    limit: LIMIT,
    key: (group) => group.id,
    render: (group) => groupText(call.org, group),
    cursor: BASE64_CURSOR,
  });
}

export function addGroupTarget(call: Call, assignment: RoleAssignment, groupId: string): Reply {
  check(assignment, GROUP_TARGETED);
  const group = call.org.groups.get(groupId);
  if (group === undefined) throw notFound(groupId, 'UserGroup');
  if (!assignment.groupTargets.includes(groupId)) put(call, { ...assignment, groupTargets: [...assignment.groupTargets, groupId].sort() });
  return empty(204);
}

export function removeGroupTarget(call: Call, assignment: RoleAssignment, groupId: string): Reply {
  check(assignment, GROUP_TARGETED);
  if (!assignment.groupTargets.includes(groupId)) throw notFound(groupId, 'UserGroup');
  const groupTargets = assignment.groupTargets.filter((id) => id !== groupId);
  refuseLast(groupTargets);
  put(call, { ...assignment, groupTargets });
  return empty(204);
}

export function listAppTargets(call: Call, assignment: RoleAssignment): Reply {
  check(assignment, APP_TARGETED);
  return page(call, assignment.appTargets, {
    limit: LIMIT,
    key: (key) => key,
    render: (key) => JSON.stringify(appTargetJson(call.org, key)),
    cursor: BASE64_CURSOR,
  });
}

/** Adds an app of the catalog, or with `appId` one instance of it. All instances take the place of single ones. */
export function addAppTarget(call: Call, assignment: RoleAssignment, appName: string, appId?: string): Reply {
  check(assignment, APP_TARGETED);
  if (appId !== undefined) {
    const look = appLookup(call.org).value;
    const app = look?.(call.org, appId);
    if (look !== undefined && (app === undefined || app.name !== appName)) throw notFound(appId, 'AppInstance');
  }
  const key = appId === undefined ? appName : `${appName}.${appId}`;
  const kept =
    appId === undefined
      ? assignment.appTargets.filter((one) => !one.startsWith(`${appName}.`))
      : assignment.appTargets.filter((one) => one !== appName);
  if (!kept.includes(key)) put(call, { ...assignment, appTargets: [...kept, key].sort() });
  return empty(204);
}

export function removeAppTarget(call: Call, assignment: RoleAssignment, appName: string, appId?: string): Reply {
  check(assignment, APP_TARGETED);
  const key = appId === undefined ? appName : `${appName}.${appId}`;
  if (!assignment.appTargets.includes(key)) throw notFound(appId ?? appName, appId === undefined ? 'AppMeta' : 'AppInstance');
  const appTargets = assignment.appTargets.filter((one) => one !== key);
  refuseLast(appTargets);
  put(call, { ...assignment, appTargets });
  return empty(204);
}

/** PUT …/targets/catalog/apps: the role holds for all apps again. */
export function clearAppTargets(call: Call, assignment: RoleAssignment): Reply {
  check(assignment, APP_TARGETED);
  put(call, { ...assignment, appTargets: [] });
  return empty(204);
}

/** An app target as it is shown: the catalog's app, with the instance's id if it is one. */
export function appTargetJson(org: Org, key: string): JsonObject {
  const dot = key.indexOf('.');
  const name = dot < 0 ? key : key.slice(0, dot);
  const id = dot < 0 ? undefined : key.slice(dot + 1);
  const label = id === undefined ? undefined : appLookup(org).value?.(org, id)?.label;
  return {
    name,
    displayName: label ?? name,
    description: '',
    status: 'ACTIVE',
    lastUpdated: isoTime(wholeSecond(org.clock.now())),
    category: 'OTHER',
    verificationStatus: 'OKTA_VERIFIED',
    signOnModes: ['AUTO_LOGIN'],
    ...(id === undefined ? {} : { id }),
    _links: { self: { href: id === undefined ? `${org.origin}/api/v1/catalog/apps/${name}` : `${org.origin}/api/v1/apps/${id}` } },
  };
}

function check(assignment: RoleAssignment, allowed: ReadonlySet<string>): void {
  if (!allowed.has(assignment.type)) throw refuse('E0000091');
}

/** The last target stays: without it the role would hold for everything again. */
function refuseLast(left: readonly string[]): void {
  if (left.length === 0) throw invalid('targets', ['The last target cannot be removed: remove the role assignment instead']);
}

function put(call: Call, assignment: RoleAssignment): void {
  call.org.roleAssignments.put({ ...assignment, lastUpdated: wholeSecond(call.now) });
  call.log(assignment.principalType === 'GROUP' ? 'group.privilege.grant' : 'user.account.privilege.grant', {
    targets: [
      target(assignment.principalType === 'GROUP' ? 'UserGroup' : 'User', assignment.principalId, null),
      target('ROLE', assignment.assignmentId, assignment.type),
    ],
  });
}

import { target } from '../../log-writer.ts';
import { userEntity } from '../../membership.ts';
import { profileText, type User } from '../../model.ts';
import { page, prefixCursor } from '../../paging.ts';
import { invalid, notFound, refuse } from '../../refusal.ts';
import { empty, isObject, json } from '../../reply.ts';
import type { Call, JsonObject, Reply } from '../../types.ts';
import { type AssignmentDetails, appUserOf, assignUser, groupsThatAssign, unassignUser } from './assignments.ts';
import { objectOf } from './defaults.ts';
import { appOf } from './list.ts';
import { appUserJson } from './render.ts';
import { APP_USERS, type App, type AppUser, appUsers } from './store.ts';

const CURSOR = prefixCursor('00u', '0ua');

/** GET /api/v1/apps/{appId}/users */
export function listAppUsers(call: Call): Reply {
  const { org } = call;
  const app = appOf(call);
  const expand = call.query.get('expand');
  const q = call.query.get('q')?.toLowerCase() ?? '';
  let ids = appUsers(org).rightsOf(app.id);
  if (q !== '') ids = ids.filter((id) => startsWith(appUserOf(org, app.id, id), org.users.get(id), q));
  return page(call, ids, {
    limit: { fallback: 50, max: 500 },
    key: (id) => id,
    cursor: CURSOR,
    render: (id) => JSON.stringify(appUserJson(org, appUserOf(org, app.id, id) as AppUser, expand)),
  });
}

function startsWith(assignment: AppUser | undefined, user: User | undefined, q: string): boolean {
  const words = [
    assignment?.userName ?? '',
    ...(user === undefined ? [] : ['firstName', 'lastName', 'email'].map((name) => profileText(user.profile, name))),
  ];
  return words.some((word) => word.toLowerCase().startsWith(q));
}

/** GET /api/v1/apps/{appId}/users/{userId} */
export function getAppUser(call: Call): Reply {
  const app = appOf(call);
  return json(200, appUserJson(call.org, assignmentOf(call, app), call.query.get('expand')));
}

/** POST /api/v1/apps/{appId}/users: assigns by hand, also who came through a group. */
export function assignAppUser(call: Call): Reply {
  const { org } = call;
  const app = appOf(call);
  const body = call.json();
  if (typeof body.id !== 'string' || body.id === '') throw invalid('id', ['id: The field cannot be left blank']);
  const user = org.users.resolve(body.id);
  if (user === undefined) throw notFound(body.id, 'User');
  if (user.status === 'DEPROVISIONED') throw refuse('E0000038', [`User's status is ${user.status}.`]);
  if (appUserOf(org, app.id, user.id)?.scope === 'USER') throw refuse('E0000062');
  const assignment = assignUser(org, app, user, detailsOf(body), call.now);
  logAssignment(call, 'application.user_membership.add', app, user, assignment);
  return json(200, appUserJson(org, assignment, null));
}

/** POST /api/v1/apps/{appId}/users/{userId} */
export function updateAppUser(call: Call): Reply {
  const { org } = call;
  const app = appOf(call);
  const before = assignmentOf(call, app);
  const details = detailsOf(call.json());
  const at = Math.floor(call.now / 1000) * 1000;
  const assignment = org.collection(APP_USERS).put({
    ...before,
    lastUpdated: at,
    ...(details.userName === undefined ? {} : { userName: details.userName }),
    ...(details.hasPassword === true ? { hasPassword: true, passwordChanged: at } : {}),
    ...(details.profile === undefined ? {} : { profile: { ...before.profile, ...details.profile } }),
  });
  const user = org.users.get(before.userId);
  if (user !== undefined) logAssignment(call, 'application.user_membership.update', app, user, assignment);
  return json(200, appUserJson(org, assignment, null));
}

/** DELETE /api/v1/apps/{appId}/users/{userId} */
export function removeAppUser(call: Call): Reply {
  const { org } = call;
  const app = appOf(call);
  const assignment = assignmentOf(call, app);
  if (assignment.scope === 'GROUP' && groupsThatAssign(org, app.id, assignment.userId).length > 0) {
    throw refuse('E0000046', ['The user is assigned to the application through a group.']);
  }
  unassignUser(org, app.id, assignment.userId);
  const user = org.users.get(assignment.userId);
  if (user !== undefined) logAssignment(call, 'application.user_membership.remove', app, user, assignment);
  return empty(204);
}

function assignmentOf(call: Call, app: App): AppUser {
  const given = call.params.userId ?? '';
  const user = call.org.users.resolve(given);
  const found = user === undefined ? undefined : appUserOf(call.org, app.id, user.id);
  if (found === undefined) throw notFound(given, 'AppUser');
  return found;
}

function detailsOf(body: JsonObject): AssignmentDetails {
  const credentials = objectOf(body.credentials);
  return {
    ...(typeof credentials.userName === 'string' ? { userName: credentials.userName } : {}),
    ...(credentials.password === undefined ? {} : { hasPassword: true }),
    ...(isObject(body.profile) ? { profile: body.profile } : {}),
    ...(typeof body.externalId === 'string' ? { externalId: body.externalId } : {}),
  };
}

function logAssignment(call: Call, eventType: string, app: App, user: User, assignment: AppUser): void {
  call.log(eventType, {
    targets: [
      target('AppUser', `${assignment.appId}.${assignment.userId}`, user.id, assignment.userName ?? 'unknown'),
      target('AppInstance', app.id, app.label, app.label),
      userEntity(user),
    ],
  });
}

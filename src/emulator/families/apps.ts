import { notFound } from '../refusal.ts';
import { json } from '../reply.ts';
import type { Call, Family, Reply } from '../types.ts';
import { followMemberships } from './apps/assignments.ts';
import { getAppGroup, listAppGroups, putAppGroup, removeAppGroup } from './apps/groups.ts';
import { appBody, listApps, pageOfApps } from './apps/list.ts';
import { APPS, type App, appGroups } from './apps/store.ts';
import { assignAppUser, getAppUser, listAppUsers, removeAppUser, updateAppUser } from './apps/users.ts';
import { createApp, deleteApp, replaceApp, setAppStatus } from './apps/write.ts';

const APP = '/api/v1/apps/{appId}';

/** Applications with their users and groups. */
export const apps: Family = {
  name: 'apps',
  routes: [
    { method: 'GET', path: '/api/v1/apps', handle: listApps },
    { method: 'POST', path: '/api/v1/apps', handle: createApp },
    { method: 'GET', path: APP, handle: (call) => json(200, appBody(call)) },
    { method: 'PUT', path: APP, handle: replaceApp },
    { method: 'DELETE', path: APP, handle: deleteApp },
    { method: 'POST', path: `${APP}/lifecycle/activate`, handle: (call) => setAppStatus(call, 'ACTIVE') },
    { method: 'POST', path: `${APP}/lifecycle/deactivate`, handle: (call) => setAppStatus(call, 'INACTIVE') },
    { method: 'GET', path: `${APP}/users`, handle: listAppUsers },
    { method: 'POST', path: `${APP}/users`, handle: assignAppUser },
    { method: 'GET', path: `${APP}/users/{userId}`, handle: getAppUser },
    { method: 'POST', path: `${APP}/users/{userId}`, handle: updateAppUser },
    { method: 'DELETE', path: `${APP}/users/{userId}`, handle: removeAppUser },
    { method: 'GET', path: `${APP}/groups`, handle: listAppGroups },
    { method: 'GET', path: `${APP}/groups/{groupId}`, handle: getAppGroup },
    { method: 'PUT', path: `${APP}/groups/{groupId}`, handle: putAppGroup },
    { method: 'DELETE', path: `${APP}/groups/{groupId}`, handle: removeAppGroup },
    { method: 'GET', path: '/api/v1/groups/{groupId}/apps', handle: listGroupApps },
  ],
  initialise: followMemberships,
};

function listGroupApps(call: Call): Reply {
  const { org } = call;
  const groupId = call.params.groupId ?? '';
  if (!org.groups.has(groupId)) throw notFound(groupId, 'UserGroup');
  const collection = org.collection(APPS);
  const found = appGroups(org)
    .leftsOf(groupId)
    .map((id) => collection.get(id))
    .filter((app): app is App => app !== undefined);
  return pageOfApps(call, found);
}

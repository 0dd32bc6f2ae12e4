import { target } from '../log-writer.ts';
import { invalid, notFound, refuse } from '../refusal.ts';
import { empty, json } from '../reply.ts';
import { wholeSecond } from '../time.ts';
import type { Call, Family, Reply } from '../types.ts';
import { listAppLinks } from './apps/app-links.ts';
import { followMemberships } from './apps/assignments.ts';
import { consentRoutes, dropConsentsOfUser } from './apps/consent-routes.ts';
import { getAppGroup, listAppGroups, putAppGroup, removeAppGroup } from './apps/groups.ts';
import { keyRoutes } from './apps/key-routes.ts';
import { appBody, appOf, listApps, pageOfApps } from './apps/list.ts';
import { provisioningRoutes } from './apps/provisioning.ts';
import { secretRoutes } from './apps/secrets.ts';
import { APPS, type App, appGroups } from './apps/store.ts';
import { assignAppUser, getAppUser, listAppUsers, removeAppUser, updateAppUser } from './apps/users.ts';
import { createApp, deleteApp, logApp, replaceApp, setAppStatus } from './apps/write.ts';
import { POLICIES } from './policies/store.ts';

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
    { method: 'PUT', path: `${APP}/policies/{policyId}`, handle: assignPolicy },
    { method: 'POST', path: `${APP}/logo`, handle: uploadLogo, consumes: 'any' },
    ...keyRoutes,
    ...secretRoutes,
    ...consentRoutes,
    ...provisioningRoutes,
    { method: 'GET', path: '/api/v1/groups/{groupId}/apps', handle: listGroupApps },
    { method: 'GET', path: '/api/v1/users/{userId}/appLinks', handle: listAppLinks },
  ],
  initialise(org) {
    followMemberships(org);
    org.hooks.on('userDeactivated', (inner, { user }) => dropConsentsOfUser(inner, user.id));
    org.hooks.on('userDeleted', (inner, { user }) => dropConsentsOfUser(inner, user.id));
  },
};

/** PUT /api/v1/apps/{appId}/policies/{policyId}: guards the app by another access policy. */
function assignPolicy(call: Call): Reply {
  const { org } = call;
  const app = appOf(call);
  const policyId = call.params.policyId ?? '';
  const policy = org.collection(POLICIES).get(policyId);
  if (policy === undefined) throw notFound(policyId, 'Policy');
  if (policy.type !== 'ACCESS_POLICY') throw invalid('Policy', ['The policy is not an authentication policy.']);
  org.collection(APPS).put({ ...app, accessPolicyId: policyId, lastUpdated: wholeSecond(call.now) });
  call.log('application.policy.update', {
    targets: [target('AppInstance', app.id, app.label, app.label), target('PolicyEntity', policy.id, policy.name, policy.type)],
  });
  return empty(204);
}

/** POST /api/v1/apps/{appId}/logo: a form with a picture, PNG, JPG, SVG or GIF. */
function uploadLogo(call: Call): Reply {
  const app = appOf(call);
  if (!(call.header('content-type') ?? '').startsWith('multipart/form-data')) throw refuse('E0000021');
  if (!/name="file"/.test(call.text())) throw invalid('file', ['file: The field cannot be left blank']);
  call.org.collection(APPS).put({ ...app, lastUpdated: wholeSecond(call.now) });
  logApp(call, 'application.lifecycle.update', app);
  return empty(201);
}

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

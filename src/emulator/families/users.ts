import { createHash } from 'node:crypto';
import { groupIdsOf } from '../membership.ts';
import { page } from '../paging.ts';
import { parseFields, project } from '../projection.ts';
import { invalid } from '../refusal.ts';
import { empty, text } from '../reply.ts';
import type { Call, Family, Reply, Route } from '../types.ts';
import { groupText } from './groups/render.ts';
import { endSessions } from './sessions/store.ts';
import { logUser, userOf } from './users/changes.ts';
import { changePassword, changeQuestion, forgotPassword, recoverByQuestion } from './users/credentials.ts';
import {
  activate,
  deactivateUser,
  expirePassword,
  expireWithTemporary,
  reactivate,
  resetFactors,
  resetPassword,
  suspend,
  unlock,
  unsuspend,
} from './users/lifecycle.ts';
import { listUsers, omissionsOf, without } from './users/list.ts';
import { fullUser } from './users/render.ts';
import { createUser, deleteUser, updateUser } from './users/write.ts';

const ONE = '/api/v1/users/{userId}';
const post = (path: string, handle: (call: Call) => Reply): Route => ({ method: 'POST', path: `${ONE}/${path}`, handle });

/** Users: create, read, list, update, delete, lifecycle, credentials, their groups and sessions. */
export const users: Family = {
  name: 'users',
  routes: [
    { method: 'GET', path: '/api/v1/users', handle: listUsers },
    { method: 'POST', path: '/api/v1/users', handle: createUser },
    { method: 'GET', path: ONE, handle: getUser },
    { method: 'POST', path: ONE, handle: (call) => updateUser(call, 'merge') },
    { method: 'PUT', path: ONE, handle: (call) => updateUser(call, 'replace') },
    { method: 'DELETE', path: ONE, handle: deleteUser },
    post('lifecycle/activate', activate),
    post('lifecycle/reactivate', reactivate),
    post('lifecycle/deactivate', deactivateUser),
    post('lifecycle/suspend', suspend),
    post('lifecycle/unsuspend', unsuspend),
    post('lifecycle/unlock', unlock),
    post('lifecycle/reset_password', resetPassword),
    post('lifecycle/expire_password', expirePassword),
    post('lifecycle/expire_password_with_temp_password', expireWithTemporary),
    post('lifecycle/reset_factors', resetFactors),
    post('credentials/change_password', changePassword),
    post('credentials/change_recovery_question', changeQuestion),
    post('credentials/forgot_password', forgotPassword),
    post('credentials/forgot_password_recovery_question', recoverByQuestion),
    { method: 'GET', path: `${ONE}/groups`, handle: listGroupsOf },
    { method: 'DELETE', path: `${ONE}/sessions`, handle: clearSessions },
  ],
};

function getUser(call: Call): Reply {
  const user = userOf(call);
  const fields = call.query.get('fields');
  const wanted = fields === null || fields === '' ? undefined : parseFields(fields);
  if (fields !== null && fields !== '' && wanted === undefined) throw invalid('fields', ['fields: The field expression is malformed.']);
  const whole = without(fullUser(call.org, user), omissionsOf(call));
  const body = JSON.stringify(wanted === undefined ? whole : project(whole, wanted));
  const tag = createHash('sha256').update(body).digest('hex').slice(0, 32);
  return text(200, body, [['etag', `W/"${tag}"`]]);
}

function listGroupsOf(call: Call): Reply {
  const user = userOf(call);
  const groups = groupIdsOf(call.org, user.id).flatMap((id) => call.org.groups.get(id) ?? []);
  return page(call, groups, {
    limit: { fallback: 200, max: 200 },
    key: (group) => group.id,
    render: (group) => groupText(call.org, group),
    path: `/api/v1/users/${user.id}/groups`,
  });
}

function clearSessions(call: Call): Reply {
  const user = userOf(call);
  endSessions(call.org, user.id);
  if (call.query.get('oauthTokens') === 'true')
    for (const token of call.org.accessTokens.filter((one) => one.userId === user.id)) call.org.accessTokens.delete(token.id);
  logUser(call, 'user.session.clear', user);
  return empty(204);
}

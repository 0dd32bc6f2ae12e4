import { target } from '../../log-writer.ts';
import { type Group, profileText } from '../../model.ts';
import { page } from '../../paging.ts';
import { notFound } from '../../refusal.ts';
import { empty, isObject, json } from '../../reply.ts';
import type { Call, JsonObject, Reply } from '../../types.ts';
import { groupJson } from '../groups/render.ts';
import { assignGroup, unassignGroup } from './assignments.ts';
import { appOf } from './list.ts';
import { appGroupJson } from './render.ts';
import { APP_GROUPS, type App, type AppGroup, appGroups, pairId } from './store.ts';

/** GET /api/v1/apps/{appId}/groups, by priority. */
export function listAppGroups(call: Call): Reply {
  const { org } = call;
  const app = appOf(call);
  const q = call.query.get('q')?.toLowerCase() ?? '';
  const records = org.collection(APP_GROUPS);
  const found: AppGroup[] = [];
  for (const groupId of appGroups(org).rightsOf(app.id)) {
    const record = records.get(pairId(app.id, groupId));
    const name = profileText(org.groups.get(groupId)?.profile ?? {}, 'name');
    if (record !== undefined && (q === '' || name.toLowerCase().startsWith(q))) found.push(record);
  }
  found.sort((a, b) => a.priority - b.priority || (a.groupId < b.groupId ? -1 : 1));
  return page(call, found, {
    limit: { fallback: 20, max: 200, min: 20 },
    key: (one) => one.groupId,
    render: (one) => JSON.stringify(bodyOf(call, one)),
  });
}

/** GET /api/v1/apps/{appId}/groups/{groupId} */
export function getAppGroup(call: Call): Reply {
  return json(200, bodyOf(call, assignmentOf(call, appOf(call))));
}

/** PUT /api/v1/apps/{appId}/groups/{groupId}: assigns, or changes priority and profile. */
export function putAppGroup(call: Call): Reply {
  const { org } = call;
  const app = appOf(call);
  const groupId = call.params.groupId ?? '';
  const group = org.groups.get(groupId);
  if (group === undefined) throw notFound(groupId, 'UserGroup');
  const body = call.json({ optional: true });
  const isNew = !appGroups(org).has(app.id, groupId);
  const assignment = assignGroup(
    org,
    app,
    group,
    {
      ...(typeof body.priority === 'number' ? { priority: body.priority } : {}),
      ...(isObject(body.profile) ? { profile: body.profile } : {}),
    },
    call.now,
  );
  logAssignment(call, isNew ? 'group.application_assignment.add' : 'group.application_assignment.update', app, group);
  return json(200, bodyOf(call, assignment));
}

/** DELETE /api/v1/apps/{appId}/groups/{groupId} */
export function removeAppGroup(call: Call): Reply {
  const app = appOf(call);
  const { groupId } = assignmentOf(call, app);
  const group = call.org.groups.get(groupId);
  unassignGroup(call.org, app.id, groupId);
  if (group !== undefined) logAssignment(call, 'group.application_assignment.remove', app, group);
  return empty(204);
}

function assignmentOf(call: Call, app: App): AppGroup {
  const groupId = call.params.groupId ?? '';
  const found = call.org.collection(APP_GROUPS).get(pairId(app.id, groupId));
  if (found === undefined) throw notFound(groupId, 'ApplicationGroupAssignment');
  return found;
}

function bodyOf(call: Call, assignment: AppGroup): JsonObject {
  return appGroupJson(call.org, assignment, call.query.get('expand'), (groupId) => {
    const group = call.org.groups.get(groupId);
    return group === undefined ? undefined : groupJson(call.org, group);
  });
}

function logAssignment(call: Call, eventType: string, app: App, group: Group): void {
  call.log(eventType, {
    targets: [
      target('UserGroup', group.id, profileText(group.profile, 'name'), 'unknown'),
      target('AppInstance', app.id, app.label, app.label),
    ],
  });
}

import { notFound } from '../../refusal.ts';
import { json } from '../../reply.ts';
import type { Call, JsonObject, Reply } from '../../types.ts';
import { appUserOf } from './assignments.ts';
import { objectOf } from './defaults.ts';
import { catalogNumber } from './render.ts';
import { APPS, appUsers } from './store.ts';

/** GET /api/v1/users/{userId}/appLinks: the tiles of a user's home page, those of apps that are in use and not hidden. */
export function listAppLinks(call: Call): Reply {
  const { org } = call;
  const given = call.params.userId ?? '';
  const user = org.users.resolve(given);
  if (user === undefined) throw notFound(given, 'User');
  const links: JsonObject[] = [];
  for (const appId of appUsers(org).leftsOf(user.id)) {
    const app = org.collection(APPS).get(appId);
    const assignment = appUserOf(org, appId, user.id);
    if (app === undefined || assignment === undefined || app.status !== 'ACTIVE') continue;
    for (const [name, isShown] of Object.entries(objectOf(app.visibility.appLinks))) {
      if (isShown !== true) continue;
      links.push({
        id: `${user.id}.${app.id}.${name}`,
        label: app.label,
        linkUrl: `${org.origin}/home/${app.name}/${app.id}/${catalogNumber(app.name)}`,
        logoUrl: `${org.origin}/assets/img/logos/${app.name}.png`,
        appName: app.name,
        appInstanceId: app.id,
        appAssignmentId: `${app.id}.${user.id}`,
        credentialsSetup: assignment.userName !== null,
        hidden: objectOf(app.visibility.hide).web === true,
        sortOrder: links.length,
      });
    }
  }
  return json(200, links);
}

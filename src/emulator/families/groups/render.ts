import { memberIds } from '../../membership.ts';
import type { Group } from '../../model.ts';
import type { Org } from '../../org.ts';
import { isoTime } from '../../time.ts';
import type { JsonObject } from '../../types.ts';

const LOGOS = 'https://static.okta.example/assets/img/logos/groups';

/** A group in full; `expand` adds what `_embedded` is to hold (`stats`, `app`). */
export function groupJson(org: Org, group: Group, expand: ReadonlySet<string> = new Set()): JsonObject {
  const self = `${org.origin}/api/v1/groups/${group.id}`;
  const embedded: Record<string, JsonObject> = {};
  if (expand.has('stats')) {
    embedded.stats = {
      usersCount: memberIds(org, group.id).length,
      appsCount: org.relation('appGroups').leftsOf(group.id).length,
      groupPushMappingsCount: 0,
      hasAdminPrivilege: org.roleAssignments.by(group.id).length > 0,
      _links: { self: { href: `${self}/stats` } },
    };
  }
  if (expand.has('app') && group.sourceId !== undefined) embedded.app = { id: group.sourceId };
  return {
    id: group.id,
    created: isoTime(group.created),
    lastUpdated: isoTime(group.lastUpdated),
    lastMembershipUpdated: isoTime(group.lastMembershipUpdated),
    objectClass: group.objectClass,
    type: group.type,
    ...(group.sourceId === undefined ? {} : { source: { id: group.sourceId } }),
    profile: { ...group.profile, description: group.profile.description ?? null },
    _links: {
      logo: [
        { name: 'medium', href: `${LOGOS}/okta-medium.png`, type: 'image/png' },
        { name: 'large', href: `${LOGOS}/okta-large.png`, type: 'image/png' },
      ],
      ...(group.sourceId === undefined ? {} : { source: { href: `${org.origin}/api/v1/apps/${group.sourceId}` } }),
      users: { href: `${self}/users` },
      apps: { href: `${self}/apps` },
    },
    ...(Object.keys(embedded).length === 0 ? {} : { _embedded: embedded }),
  };
}

/** The JSON text of a group without `_embedded`. */
export function groupText(org: Org, group: Group): string {
  return org.groups.text(group, (one) => JSON.stringify(groupJson(org, one)));
}

import { assignUser } from '../../src/emulator/families/apps/assignments.ts';
import { APPS, appUsers } from '../../src/emulator/families/apps/store.ts';
import { addMember, memberIds } from '../../src/emulator/membership.ts';
import type { Org } from '../../src/emulator/org.ts';
import { bulkUsers } from '../../src/emulator/seeds/bulk-users.ts';

/** A fifth more of users, groups and apps. The new users are members of the old groups and use the old apps as the others do; new groups and apps have few. */
export function growByAFifth(org: Org): void {
  const groups = org.groups.list();
  const apps = org.collection(APPS).list();
  const before = new Set([...org.users.values()].map((user) => user.id));
  const sizes = new Map(groups.map((group) => [group.id, memberIds(org, group.id).length]));
  const assigned = new Map(apps.map((app) => [app.id, appUsers(org).rightsOf(app.id).length]));
  bulkUsers(org, Math.round(before.size / 5));
  const newcomers = [...org.users.values()].filter((user) => !before.has(user.id));
  const some = (count: number, start: number): typeof newcomers =>
    Array.from({ length: Math.min(count, newcomers.length) }, (_, index) => newcomers[(start + index) % newcomers.length]).filter(
      (user) => user !== undefined,
    );
  groups.forEach((group, index) => {
    if (group.type === 'BUILT_IN') return;
    const size = sizes.get(group.id) ?? 0;
    for (const user of some(Math.round(size / 5), index * 7)) addMember(org, group, user);
    if (index % 5 !== 0) return;
    const twin = { ...group, id: org.ids.next('00g'), profile: { ...group.profile, name: `${String(group.profile.name)} (grown)` } };
    org.groups.put(twin);
    for (const user of some(Math.min(size, 20), index * 11)) addMember(org, twin, user);
  });
  apps.forEach((app, index) => {
    const size = assigned.get(app.id) ?? 0;
    // Some have it through their groups already.
    const missing = Math.max(0, Math.round(size * 1.2) - appUsers(org).rightsOf(app.id).length);
    const without = some(newcomers.length, index * 7).filter((user) => !appUsers(org).has(app.id, user.id));
    for (const user of without.slice(0, missing)) assignUser(org, app, user);
    if (index % 5 !== 0) return;
    const twin = { ...app, id: org.ids.next('0oa'), label: `${app.label} (grown)` };
    org.collection(APPS).put(twin);
    for (const user of some(Math.min(size, 20), index * 13)) assignUser(org, twin, user);
  });
}

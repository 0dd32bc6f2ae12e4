import type { Org } from '../../src/emulator/org.ts';
import { bulkUsers } from '../../src/emulator/seeds/bulk-users.ts';

const DAY_MS = 86_400_000;

/** An org a tenth of the reference org, with its shape where lists of users, factors, groups and members are concerned. */
export function smallOrg(org: Org): void {
  bulkUsers(org, 1200);
  const users = [...org.users.values()];
  const now = org.clock.now();
  for (let index = 0; index < 99; index++) {
    const id = org.ids.next('00g');
    const created = now - (index + 20) * DAY_MS;
    org.groups.put({
      id,
      type: index < 70 ? 'OKTA_GROUP' : 'APP_GROUP',
      created,
      lastUpdated: created,
      lastMembershipUpdated: created,
      profile: { name: `team-${index}`, description: null },
      objectClass: ['okta:user_group'],
    });
    const size = index % 10 === 0 ? 250 : (index * 7) % 150;
    for (let member = 0; member < size; member++) org.members.add(id, users[(index * 31 + member) % users.length]?.id ?? '');
  }
}

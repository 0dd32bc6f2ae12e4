import { assignUser } from '../../src/emulator/families/apps/assignments.ts';
import { makeApp } from '../../src/emulator/families/apps/write.ts';
import type { Org } from '../../src/emulator/org.ts';
import { makeUser } from '../../src/emulator/seeds/make-user.ts';
import type { Seed } from '../../src/emulator/types.ts';
import { START } from './metered-org.ts';

const CREATED = START - 86_400_000;

/** So many active users, each with factors of his own to ask for. */
export const people =
  (count: number): Seed =>
  (org) =>
    layUsers(org, count);

/** So many apps with one user each. */
export const apps =
  (count: number): Seed =>
  (org) => {
    layUsers(org, 1);
    const [user] = org.users.values();
    for (let index = 0; index < count; index++) {
      const app = makeApp(org, {
        label: `App ${index}`,
        signOnMode: 'BOOKMARK',
        body: { settings: { app: { url: 'https://app.example.com' } } },
        created: CREATED,
        accessPolicyId: null,
      });
      if (user !== undefined) assignUser(org, app, user, {}, CREATED);
    }
  };

function layUsers(org: Org, count: number): void {
  for (let index = 0; index < count; index++) {
    const login = `user${index}@example.com`;
    makeUser(org, { status: 'ACTIVE', created: CREATED, profile: { firstName: 'A', lastName: 'B', login, email: login } });
  }
}

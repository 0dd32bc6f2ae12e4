import { createEmulator } from '../../src/emulator/emulator.ts';
import { addMember } from '../../src/emulator/membership.ts';
import type { UserStatus } from '../../src/emulator/model.ts';
import { makeGroup } from '../../src/emulator/seeds/from-file.ts';
import { makeUser } from '../../src/emulator/seeds/make-user.ts';
import type { Emulator } from '../../src/emulator/types.ts';

/** The moment that the awkward org and the queries over it take for now. */
export const NOW = Date.parse('2026-03-01T12:00:00.000Z');

const STATUSES: readonly UserStatus[] = ['ACTIVE', 'STAGED', 'PROVISIONED', 'SUSPENDED', 'DEPROVISIONED', 'LOCKED_OUT', 'PASSWORD_EXPIRED'];
/** Values that servers and engines like to read differently: case twins, quotes, wildcards, other alphabets, nothing. */
export const DEPARTMENTS: readonly (string | null | undefined)[] = [
  'Sales',
  'sales',
  'SALES',
  "O'Brien & Co",
  'a "quoted" one',
  'back\\slash',
  '100%',
  'under_score',
  'comma, comma',
  'line\nbreak',
  '=1+1',
  'עברית',
  'Ünïcödé',
  '日本',
  '',
  null,
  undefined,
  ' padded ',
  'Zebra',
  'zebra',
];

/** An org of users and groups whose values are as awkward as real ones. */
export async function awkwardOrg(): Promise<{ readonly emulator: Emulator; readonly url: string; readonly close: () => Promise<void> }> {
  const emulator = createEmulator({
    now: NOW,
    rateLimits: 'off',
    random: 7,
    seed: (org) => {
      const groups = ['Alpha', 'alpha', "Quote's", 'Ωmega', 'Empty'].map((name, index) =>
        makeGroup(org, { name, description: index % 2 === 0 ? null : `about ${name}` }, NOW - (index + 1) * 86_400_000 * 30),
      );
      DEPARTMENTS.flatMap((department, row) =>
        STATUSES.map((status, column) => ({ department, status, index: row * STATUSES.length + column })),
      ).forEach(({ department, status, index }) => {
        const created = NOW - (1 + ((index * 37) % 900)) * 86_400_000 - (index % 24) * 3_600_000;
        const user = makeUser(org, {
          status,
          created,
          lastUpdated: created + (index % 5) * 86_400_000,
          statusChanged: index % 3 === 0 ? null : created + 86_400_000,
          lastLogin: index % 4 === 0 ? null : NOW - (index % 50) * 86_400_000,
          profile: {
            firstName: index % 6 === 0 ? 'Ann' : index % 6 === 1 ? 'ANN' : `F${index}`,
            lastName: index % 7 === 0 ? "D'Arc" : `L${index % 10}`,
            login: `${index % 2 === 0 ? 'User' : 'user'}.${index}@example.com`,
            email: `user.${index}@example.com`,
            mobilePhone: null,
            secondEmail: null,
            ...(department === undefined ? {} : { department }),
            ...(index % 5 === 0 ? {} : { userType: index % 3 === 0 ? 'Contractor' : 'contractor' }),
            costCenter: String(index % 4),
          },
        });
        groups.forEach((group, position) => {
          if (position < 4 && index % (position + 2) === 0 && status !== 'DEPROVISIONED') addMember(org, group, user);
        });
      });
    },
  });
  const listening = await emulator.listen({ port: 0 });
  return { emulator, url: listening.url, close: listening.close };
}

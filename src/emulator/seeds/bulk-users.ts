import type { UserStatus } from '../model.ts';
import type { Org } from '../org.ts';
import { makeUser } from './make-user.ts';
import { seedTime } from './seed-time.ts';

const DAY_MS = 86_400_000;
const FIRST_NAMES = [
  'Ada',
  'Björn',
  'Carla',
  'Dmitri',
  'Elif',
  'Femi',
  'Grace',
  'Hana',
  'Ines',
  'Jonas',
  'Kofi',
  'Lena',
  'Marek',
  'Noor',
  'Olga',
  'Priya',
  'Quentin',
  'Rosa',
  'Sven',
  'Tariq',
  'Uma',
  'Viktor',
  'Wanda',
  'Ximena',
  'Yusuf',
  'Zoe',
];
const LAST_NAMES = [
  'Andersson',
  'Bianchi',
  'Castro',
  'Dubois',
  'Eriksen',
  'Fischer',
  'Garcia',
  'Haddad',
  'Ito',
  'Jensen',
  'Kowalski',
  'Larsen',
  'Meyer',
  'Nakamura',
  'Okafor',
  'Petrov',
  'Quinn',
  'Rossi',
  'Silva',
  'Tanaka',
  'Usman',
  'Varga',
  'Weber',
  'Xu',
  'Yilmaz',
  'Zhang',
];
const DEPARTMENTS = ['Engineering', 'Sales', 'Marketing', 'Finance', 'People', 'Support', 'Legal', 'Operations'];

/** In percent; the rest is ACTIVE. */
const STATUS_SHARES: readonly (readonly [UserStatus, number])[] = [
  ['DEPROVISIONED', 5],
  ['SUSPENDED', 2],
  ['STAGED', 2],
  ['PROVISIONED', 3],
  ['PASSWORD_EXPIRED', 2],
  ['LOCKED_OUT', 1],
  ['RECOVERY', 1],
];

/** Adds `count` users, all different, with the statuses of a real org. */
export function bulkUsers(org: Org, count: number): void {
  const { random } = org;
  const now = seedTime(org);
  for (let i = 0; i < count; i++) {
    const firstName = random.pick(FIRST_NAMES);
    const lastName = random.pick(LAST_NAMES);
    const email = `${ascii(firstName)}.${ascii(lastName)}.${i + 1}@example.com`;
    const status = pickStatus(random.below(100));
    const created = now - (30 + random.below(700)) * DAY_MS - random.below(DAY_MS);
    const isUsed = status !== 'STAGED' && status !== 'PROVISIONED';
    makeUser(org, {
      status,
      created,
      profile: { firstName, lastName, mobilePhone: null, secondEmail: null, login: email, email, department: random.pick(DEPARTMENTS) },
      ...(isUsed ? { password: 'Emulated!1', lastLogin: Math.floor((now - random.below(120 * DAY_MS)) / 1000) * 1000 } : {}),
    });
  }
}

function pickStatus(percent: number): UserStatus {
  let rest = percent;
  for (const [status, share] of STATUS_SHARES) {
    if (rest < share) return status;
    rest -= share;
  }
  return 'ACTIVE';
}

function ascii(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase();
}

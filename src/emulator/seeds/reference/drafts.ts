import type { UserStatus } from '../../model.ts';
import type { Org } from '../../org.ts';
import { dealt } from './draw.ts';
import type { Times } from './times.ts';

/** A user before it is made: the seed decides all that hangs together first. */
export interface Draft {
  readonly status: UserStatus;
  readonly created: number;
  readonly lastLogin: number | null;
  readonly statusChanged: number | null;
  readonly isX: boolean;
  department: string | null | undefined;
  userType: string | null | undefined;
  costCenter: string;
  /** Set when the user is made. */
  id: string;
}

const NEVER = -1;

/** All users, oldest first. Counts by status and age are those of the reference table. */
export function draftUsers(org: Org, times: Times): Draft[] {
  const drafts: Draft[] = [];
  const add = (
    status: UserStatus,
    count: number,
    created: () => number,
    lastLogin: (created: number) => number,
    statusChanged?: (created: number) => number,
  ): void => {
    for (let i = 0; i < count; i++) {
      const made = created();
      const login = lastLogin(made);
      drafts.push({
        status,
        created: made,
        lastLogin: login === NEVER ? null : login,
        statusChanged: statusChanged === undefined ? made : statusChanged(made),
        isX: false,
        department: undefined,
        userType: undefined,
        costCenter: '',
        id: '',
      });
    }
  };
  const never = (): number => NEVER;
  const recent = (created: number): number => {
    const days = org.random.below(100) < 80 ? 28 : 88;
    return times.clear(Math.max(times.between(0, days), created + (times.now - created) / 4));
  };
  const old = (): number => times.between(90, 1090);
  const young = (): number => times.between(0.3, 90);
  const after = (created: number): number => times.clear(created + (times.now - created) * (0.3 + org.random.next() * 0.6));

  add('ACTIVE', 260, old, never);
  add('ACTIVE', 40, young, never);
  add(
    'ACTIVE',
    900,
    () => times.between(120, 1090),
    (created) => times.clear(Math.min(times.now - 91 * 86_400_000, created + (times.now - 91 * 86_400_000 - created) * org.random.next())),
  );
  add('ACTIVE', 7190, old, recent);
  add('ACTIVE', 610, young, recent);
  add('STAGED', 270, () => times.between(14, 700), never);
  add('STAGED', 30, () => times.between(0.3, 14), never);
  add('PROVISIONED', 160, () => times.between(14, 500), never);
  add('PROVISIONED', 40, () => times.between(0.3, 14), never);
  add('RECOVERY', 100, old, after, after);
  add('PASSWORD_EXPIRED', 150, old, after, after);
  add('LOCKED_OUT', 100, old, after, after);
  add(
    'SUSPENDED',
    150,
    () => times.between(120, 1090),
    after,
    () => times.between(0.3, 110),
  );
  add(
    'DEPROVISIONED',
    1300,
    () => times.between(800, 1090),
    (created) => times.clear(created + 30 * 86_400_000),
    () => times.between(365, 760),
  );
  add(
    'DEPROVISIONED',
    700,
    () => times.between(380, 1090),
    (created) => times.clear(created + 5 * 86_400_000),
    () => times.between(0.3, 365),
  );

  const x = drafts.findIndex(
    (draft) =>
      draft.status === 'ACTIVE' &&
      draft.lastLogin !== null &&
      draft.created < times.now - 400 * 86_400_000 &&
      draft.lastLogin > times.now - 5 * 86_400_000,
  );
  drafts[x] = { ...(drafts[x] as Draft), isX: true };
  drafts.sort((a, b) => a.created - b.created);
  giveDepartments(org, drafts);
  giveTypes(org, drafts);
  return drafts;
}

const DEPARTMENTS: readonly (string | null | undefined)[] = [
  'Engineering',
  'Engineering',
  'Engineering',
  'engineering',
  'Marketing',
  'Marketing',
  'MARKETING',
  'Finance',
  'Finance',
  'People',
  'Support',
  'Support',
  'support',
  'Legal',
  'Operations',
  'Sales_Ops',
  'Sales Operations',
  'R&D "Core"',
  "Children's books",
  'Ops, EMEA',
  'North\\South',
  '50% Club',
  '=Finance',
  '+Growth',
  'Zeilen\numbruch',
  'Førsteklasses',
  '研究開発',
  'המכירות',
  'المبيعات',
  '',
  null,
  undefined,
];

/** Exactly 1,180 ACTIVE users are in `Sales`, and 15 more in another spelling of it. */
function giveDepartments(org: Org, drafts: readonly Draft[]): void {
  const { random } = org;
  const active = drafts.filter((draft) => draft.status === 'ACTIVE');
  const sales = dealt<string | undefined>(random, [
    ['Sales', 1180],
    ['SALES', 6],
    ['sales', 5],
    ['sALES', 4],
    [undefined, active.length - 1195],
  ]);
  active.forEach((draft, i) => {
    draft.department = sales[i] ?? random.pick(DEPARTMENTS);
  });
  for (const draft of drafts)
    if (draft.status !== 'ACTIVE')
      draft.department = random.below(10) === 0 ? random.pick(['Sales', 'Sales', 'Sales', 'SALES']) : random.pick(DEPARTMENTS);
}

/** Exactly 1,500 users who are not DEPROVISIONED are of the type `Contractor`, and 20 more in another spelling of it. */
function giveTypes(org: Org, drafts: readonly Draft[]): void {
  const { random } = org;
  const others = [
    'Employee',
    'Employee',
    'Employee',
    'Employee',
    'Employee',
    'employee',
    'Intern',
    'Vendor',
    'Contractors',
    '',
    null,
    undefined,
  ] as const;
  const present = drafts.filter((draft) => draft.status !== 'DEPROVISIONED');
  const types = dealt<string | undefined>(random, [
    ['Contractor', 1500],
    ['CONTRACTOR', 12],
    ['contractor', 8],
    [undefined, present.length - 1520],
  ]);
  present.forEach((draft, i) => {
    draft.userType = types[i] ?? random.pick(others);
  });
  for (const draft of drafts)
    if (draft.status === 'DEPROVISIONED') draft.userType = random.below(7) === 0 ? 'Contractor' : random.pick(others);
}

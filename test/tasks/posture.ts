import type { User } from '../../src/emulator/model.ts';
import { ago, attribute, counted, iso, type Task } from './task.ts';

const isActive = (user: User): boolean => user.status === 'ACTIVE';

/** What state accounts are in. */
export const posture: readonly Task[] = [
  {
    name: '1: active users with no usable factor',
    sql: `SELECT u.id, json_extract(u.profile,'$.login') AS login, u.lastLogin
      FROM okta.user.users u
      LEFT JOIN okta.userfactor.factors f ON f.userId = u.id AND f.status = 'ACTIVE'
      WHERE u.status = 'ACTIVE'
      GROUP BY u.id, u.profile, u.lastLogin
      HAVING COUNT(f.id) = 0;`,
    answer: (org) =>
      [...org.users.values()]
        .filter((user) => isActive(user) && !org.factors.by(user.id).some((factor) => factor.status === 'ACTIVE'))
        .map((user) => [user.id, attribute(user, 'login'), iso(user.lastLogin)]),
    floor: 9045,
  },
  {
    name: '3: active, and not signed in for 90 days',
    sql: `SELECT id, json_extract(profile,'$.login') AS login, lastLogin, created
      FROM okta.user.users
      WHERE status = 'ACTIVE' AND created < datetime('now','-90 days')
        AND (lastLogin IS NULL OR lastLogin < datetime('now','-90 days'))
      ORDER BY lastLogin NULLS FIRST, id;`,
    answer: (org) =>
      [...org.users.values()]
        .filter((user) => isActive(user) && user.created < ago(90) && (user.lastLogin === null || user.lastLogin < ago(90)))
        .sort((a, b) => (a.lastLogin ?? 0) - (b.lastLogin ?? 0) || (a.id < b.id ? -1 : 1))
        .map((user) => [user.id, attribute(user, 'login'), iso(user.lastLogin), iso(user.created)]),
    order: [2, 0],
    floor: 42,
  },
  {
    name: '4: invited, and never activated',
    sql: `SELECT id, status, created, activated FROM okta.user.users
      WHERE status IN ('STAGED','PROVISIONED') AND created < now() - INTERVAL 14 DAY;`,
    answer: (org) =>
      [...org.users.values()]
        .filter((user) => (user.status === 'STAGED' || user.status === 'PROVISIONED') && user.created < ago(14))
        .map((user) => [user.id, user.status, iso(user.created), iso(user.activated)]),
    floor: 3,
  },
  {
    name: '6: users by status, the deprovisioned among them',
    sql: 'SELECT status, COUNT(*) AS n FROM okta.user.users GROUP BY status ORDER BY n DESC;',
    answer: (org) => counted([...org.users.values()].map((user) => [user.status])).toSorted((a, b) => Number(b[1]) - Number(a[1])),
    order: [1],
    floor: 60,
  },
  {
    name: '7: deprovisioned for over a year',
    sql: `SELECT id, profile.login AS login, statusChanged FROM okta.user.users
      WHERE status = 'DEPROVISIONED' AND statusChanged < now() - INTERVAL 365 DAY;`,
    answer: (org) =>
      [...org.users.values()]
        .filter((user) => user.status === 'DEPROVISIONED' && user.statusChanged !== null && user.statusChanged < ago(365))
        .map((user) => [user.id, attribute(user, 'login'), iso(user.statusChanged)]),
    floor: 7,
  },
  {
    name: '45: contractors away for 60 days, by department',
    sql: `SELECT profile.department AS department, COUNT(*) AS n FROM okta.user.users
      WHERE profile.userType = 'Contractor' AND status <> 'DEPROVISIONED'
        AND (lastLogin IS NULL OR lastLogin < now() - INTERVAL 60 DAY)
      GROUP BY ALL ORDER BY n DESC;`,
    answer: (org) =>
      counted(
        [...org.users.values()]
          .filter(
            (user) =>
              user.profile.userType === 'Contractor' &&
              user.status !== 'DEPROVISIONED' &&
              (user.lastLogin === null || user.lastLogin < ago(60)),
          )
          .map((user) => [attribute(user, 'department')]),
      ).toSorted((a, b) => Number(b[1]) - Number(a[1])),
    order: [1],
    floor: 8,
  },
];

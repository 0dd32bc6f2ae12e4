import { expect, test } from 'vitest';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { makeReferenceFiles } from './files.ts';

const { org } = createEmulator({ seed: 'reference', now: '2026-03-01T12:00:00Z' });
const files = makeReferenceFiles(org);

test('joiners are 500: 477 new, 20 known (5 of them gone), 3 known in another letter case', () => {
  const { rows, fresh, existing, deprovisioned, otherCase } = files.joiners;
  expect([rows.length, fresh.length, existing.length, deprovisioned.length, otherCase.length]).toEqual([500, 477, 20, 5, 3]);
  expect(new Set(rows.map((row) => row.login.toLowerCase())).size).toBe(500);
  const logins = new Map([...org.users.values()].map((user) => [String(user.profile.login), user.status]));
  expect(
    rows
      .filter((row) => logins.has(row.login))
      .map((row) => row.login)
      .sort(),
  ).toEqual([...existing].sort());
  expect(deprovisioned.map((login) => logins.get(login))).toEqual(Array.from({ length: 5 }, () => 'DEPROVISIONED'));
  expect(otherCase.every((login) => !logins.has(login) && org.users.byLogin(login) !== undefined)).toBe(true);
  expect(rows.every((row) => org.groups.get(row.groupId)?.type === 'OKTA_GROUP')).toBe(true);
});

test('leavers are 400: 385 active (2 of them administrators), 9 in other states, 6 unknown', () => {
  const { rows, active, administrators, inOtherStates, unknown } = files.leavers;
  expect([rows.length, active.length, administrators.length, inOtherStates.length, unknown.length]).toEqual([400, 385, 2, 9, 6]);
  expect(new Set(rows.map((login) => login.toLowerCase())).size).toBe(400);
  expect(active.every((user) => user.status === 'ACTIVE')).toBe(true);
  expect(inOtherStates.some((user) => user.status === 'ACTIVE')).toBe(false);
  expect(unknown.some((login) => org.users.byLogin(login) !== undefined)).toBe(false);
});

test('the CSV text holds the rows', () => {
  expect(files.leavers.csv.split('\n').slice(0, 2)).toEqual(['login', files.leavers.rows[0]]);
  expect(files.joiners.csv.startsWith('login,email,first,last,groupId\n')).toBe(true);
  expect(files.joiners.csv).toContain('"Ana ""Nina"""');
});

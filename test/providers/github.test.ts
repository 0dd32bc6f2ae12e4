/* Two providers in one question: who of a GitHub organisation has left, by the name that Okta knows them there by. */
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { listen } from '../../src/emulator/listen.ts';
import type { UserStatus } from '../../src/emulator/model.ts';
import type { Org } from '../../src/emulator/org.ts';
import { customUserAttributes } from '../../src/emulator/profile-schema.ts';
import { bulkUsers } from '../../src/emulator/seeds/bulk-users.ts';
import { makeUser } from '../../src/emulator/seeds/make-user.ts';
import type { Emulator, Listening } from '../../src/emulator/types.ts';
import type { Receipt } from '../../src/exec/types.ts';
import { openSession } from '../../src/session.ts';
import { type GithubServer, openGithubServer, writeGithubProvider } from './github-server.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const PUBLISHED = fileURLToPath(new URL('../../../shared/stackql/providers/github', import.meta.url));
const LEAVERS = `SELECT g.login, u.status FROM github.orgs.members g
  LEFT JOIN okta.user.users u ON json_extract(u.profile,'$.githubUsername') = g.login
  WHERE g.org = 'acme' AND (u.id IS NULL OR u.status IN ('DEPROVISIONED','SUSPENDED'))`;

/** What has become of each member of the organisation; nobody in Okta goes by the names of the last. */
const FATES: readonly (UserStatus | undefined)[] = ['ACTIVE', 'DEPROVISIONED', 'ACTIVE', 'SUSPENDED', 'LOCKED_OUT', undefined];
const MEMBERS = Array.from({ length: 300 }, (_, index) => ({ login: `dev-${index}`, fate: FATES[index % FATES.length] }));

let github: GithubServer;
let emulator: Emulator;
let okta: Listening;
let folder: string;
let published: string;
const asked: string[] = [];

/** 1,250 others, of whom some go by a name there too. */
function lay(org: Org): void {
  customUserAttributes(org).add('githubUsername');
  bulkUsers(org, 1250);
  for (const { login, fate } of MEMBERS) {
    if (fate === undefined) continue;
    const email = `${login}@example.com`;
    makeUser(org, {
      status: fate,
      created: NOW - 1e10,
      profile: { login: email, email, firstName: 'A', lastName: 'B', githubUsername: login },
    });
  }
  // Okta's search ignores letter case, SQL does not.
  makeUser(org, {
    status: 'DEPROVISIONED',
    created: NOW - 1e10,
    profile: { login: 'twin@example.com', email: 'twin@example.com', firstName: 'A', lastName: 'B', githubUsername: 'DEV-0' },
  });
}

beforeAll(async () => {
  github = await openGithubServer(
    'acme',
    MEMBERS.map(({ login }) => login),
  );
  emulator = createEmulator({ seed: lay, now: NOW });
  okta = await listen((request) => {
    asked.push(decodeURIComponent(new URL(request.url).search));
    return emulator.handle(request);
  }, emulator.org);
  folder = mkdtempSync(join(tmpdir(), 'orgql-github-'));
  writeGithubProvider(folder);
  published = mkdtempSync(join(tmpdir(), 'orgql-github-'));
  if (existsSync(PUBLISHED)) symlinkSync(PUBLISHED, join(published, 'github'), 'dir');
});
afterAll(async () => {
  await github.close();
  await okta.close();
  for (const made of [folder, published]) rmSync(made, { recursive: true, force: true });
});

async function ask(sql: string, root: string): Promise<{ readonly rows: readonly (readonly unknown[])[]; readonly receipt: Receipt }> {
  const org = (name: string, provider: string, orgUrl: string, value: string) =>
    ({ name, provider, orgUrl, secret: { kind: 'literal', value }, budget: 1, origin: 'test' }) as const;
  const session = await openSession(
    {
      orgs: [org('lab', 'okta', okta.url, emulator.token), org('hub', 'github', github.url, 'ghp_test')],
      defaultOrg: 'lab',
      providerRoots: [root],
      now: NOW,
    },
    { environment: { GITHUB_TEST_TOKEN: 'ghp_test', STACKQL_GITHUB_USERNAME: 'x', STACKQL_GITHUB_PASSWORD: 'y' } },
  );
  try {
    const cursor = await session.query(sql);
    const rows: (readonly unknown[])[] = [];
    for await (const batch of cursor.batches) rows.push(...batch);
    return { rows, receipt: cursor.receipt() };
  } finally {
    await session.close();
  }
}

const expected = MEMBERS.flatMap(({ login, fate }) =>
  fate === undefined ? [[login, null]] : fate === 'DEPROVISIONED' || fate === 'SUSPENDED' ? [[login, fate]] : [],
);
const sorted = (rows: readonly (readonly unknown[])[]): string[] => rows.map((row) => JSON.stringify(row)).sort();

test.each([
  { name: 'by a document of our own', root: () => folder, skip: false },
  { name: 'by the published one (skipped where ../shared is absent)', root: () => published, skip: !existsSync(PUBLISHED) },
])('members who have left are looked up by key, the deprovisioned among them, $name', { timeout: 60_000 }, async ({ root, skip }) => {
  if (skip) return;
  asked.length = 0;
  github.takeRequests();
  const { rows, receipt } = await ask(LEAVERS, root());
  expect(sorted(rows)).toEqual(sorted(expected));
  expect(rows).toContainEqual(['dev-1', 'DEPROVISIONED']);
  expect(receipt).toMatchObject({ complete: true, requests: 9 });
  expect(github.takeRequests().map((request) => request.replace(/&page=\d/, ''))).toEqual(Array(3).fill('/orgs/acme/members?per_page=100'));
  expect(asked.length).toBe(6);
});

/** Names as rows of `g`. */
const named = (names: readonly string[]): string => `(VALUES ${names.map((name) => `('${name}')`).join(', ')}) g(login)`;

test('names that differ in letter case alone are two, and the row that both their calls bring is one', async () => {
  // The API finds a row by either, and a hundred pairs do not all come in the same call.
  const some = MEMBERS.slice(0, 100);
  const names = some.flatMap(({ login }) => [login, login.toUpperCase()]);
  const { rows, receipt } = await ask(
    `SELECT g.login, u.status FROM ${named(names)} JOIN okta.user.users u ON u.profile.githubUsername = g.login`,
    folder,
  );
  expect(receipt.requests).toBe(4);
  const known = some.filter(({ fate }) => fate !== undefined).map(({ login, fate }) => [login, fate]);
  expect(sorted(rows)).toEqual(sorted([...known, ['DEV-0', 'DEPROVISIONED']]));
});

test('what several share brings all of them, and one value that the statement gives is a filter as before', async () => {
  const users = [...emulator.org.users.values()].filter(({ profile }) => profile.department === 'Sales' || profile.department === 'Legal');
  const { rows } = await ask(
    `SELECT u.id FROM (VALUES ('Sales'), ('Legal')) d(name) JOIN okta.user.users u ON u.profile.department = d.name`,
    folder,
  );
  expect(sorted(rows)).toEqual(sorted(users.map(({ id }) => [id])));
  asked.length = 0;
  await ask("SELECT id FROM okta.user.users WHERE profile.department = 'Legal'", folder);
  expect(asked[0]).toContain('search=profile.department+eq+"Legal"');
});

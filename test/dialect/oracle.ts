import { DuckDBInstance } from '@duckdb/node-api';
import { appUserOf } from '../../src/emulator/families/apps/assignments.ts';
import { APPS, appGroups, appUsers } from '../../src/emulator/families/apps/store.ts';
import { POLICIES, rulesOf } from '../../src/emulator/families/policies/store.ts';
import { assignmentsOfUser } from '../../src/emulator/families/roles/assignments.ts';
import { groupIdsOf, memberIds } from '../../src/emulator/membership.ts';
import type { User } from '../../src/emulator/model.ts';
import type { Org } from '../../src/emulator/org.ts';
import type { Row, Value } from '../tasks/task.ts';

/** Plain tables of all that an org holds, named as the relations are: whatever reads one must agree with the other. */
export interface Oracle {
  readonly run: (sql: string) => Promise<readonly Row[]>;
  readonly close: () => void;
}

/** Tables with every row that any value of a parameter gives. Objects are STRUCTs, so that `profile.login` is the engine's own reading. */
export async function openOracle(org: Org): Promise<Oracle> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run("ATTACH ':memory:' AS okta");
  const users = [...org.users.values()];
  const groups = org.groups.list();
  const apps = org.collection(APPS).list();
  const policies = org.collection(POLICIES).list();
  const tables: Readonly<Record<string, readonly [type: string, rows: readonly object[]]>> = {
    'user.users': [USER, users.map((user) => userRow(user, { userId: user.id }))],
    'user.groups': [
      GROUP.replace('{', '{"userId":"VARCHAR",'),
      users.flatMap((user) => groupIdsOf(org, user.id).map((id) => ({ ...groupRow(org, id), userId: user.id }))),
    ],
    'group.groups': [
      GROUP.replace('{', '{"groupId":"VARCHAR",'),
      groups.map((group) => ({ ...groupRow(org, group.id), groupId: group.id })),
    ],
    'group.users': [
      USER.replace('{', '{"groupId":"VARCHAR",'),
      groups.flatMap((group) =>
        memberIds(org, group.id).flatMap((id) => {
          const user = org.users.get(id);
          return user === undefined ? [] : [userRow(user, { groupId: group.id })];
        }),
      ),
    ],
    'userfactor.factors': [
      '{"userId":"VARCHAR","id":"VARCHAR","factorType":"VARCHAR","provider":"VARCHAR","status":"VARCHAR","created":"TIMESTAMPTZ"}',
      org.factors.list().map((factor) => ({ ...factor, created: new Date(factor.created).toISOString() })),
    ],
    'user.roles': [
      '{"userId":"VARCHAR","type":"VARCHAR","assignmentType":"VARCHAR"}',
      users.flatMap((user) =>
        assignmentsOfUser(org, user.id).map(({ type, principalType }) => ({ userId: user.id, type, assignmentType: principalType })),
      ),
    ],
    'application.apps': [
      '{"appId":"VARCHAR","id":"VARCHAR","label":"VARCHAR","status":"VARCHAR","signOnMode":"VARCHAR","visibility":{"autoSubmitToolbar":"BOOLEAN"}}',
      apps.map((app) => ({ ...app, appId: app.id })),
    ],
    'application.users': [
      '{"appId":"VARCHAR","id":"VARCHAR","scope":"VARCHAR"}',
      apps.flatMap((app) =>
        appUsers(org)
          .rightsOf(app.id)
          .map((id) => ({ appId: app.id, id, scope: appUserOf(org, app.id, id)?.scope })),
      ),
    ],
    'application.groups': [
      '{"appId":"VARCHAR","id":"VARCHAR"}',
      apps.flatMap((app) =>
        appGroups(org)
          .rightsOf(app.id)
          .map((id) => ({ appId: app.id, id })),
      ),
    ],
    'policy.policies': [
      '{"policyId":"VARCHAR","id":"VARCHAR","type":"VARCHAR","name":"VARCHAR","status":"VARCHAR","priority":"BIGINT","settings":{"password":{"complexity":{"minLength":"BIGINT"}}}}',
      policies.map((policy) => ({ ...policy, policyId: policy.id })),
    ],
    'policy.rules': [
      '{"policyId":"VARCHAR","id":"VARCHAR","name":"VARCHAR","status":"VARCHAR","priority":"BIGINT"}',
      policies.flatMap((policy) => rulesOf(org, policy.id)),
    ],
  };
  for (const [name, [type, rows]] of Object.entries(tables)) {
    const [schema, table] = name.split('.');
    await connection.run(`CREATE SCHEMA IF NOT EXISTS okta."${schema}"`);
    await connection.run(`CREATE TABLE okta."${schema}"."${table}" AS SELECT unnest(from_json($1, '[' || $2 || ']'), max_depth := 2)`, [
      JSON.stringify(rows),
      type,
    ]);
  }
  return {
    run: async (sql) => {
      const reader = await connection.runAndReadAll(sql);
      return reader.getRowsJson().map((row, position) => row.map((value, column) => plain(value, reader.getRows()[position]?.[column])));
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

const PROFILE =
  '{"login":"VARCHAR","email":"VARCHAR","firstName":"VARCHAR","lastName":"VARCHAR","department":"VARCHAR","userType":"VARCHAR","employeeNumber":"VARCHAR","costCenter":"VARCHAR","nickName":"VARCHAR","managerId":"VARCHAR"}';
const USER = `{"userId":"VARCHAR","id":"VARCHAR","status":"VARCHAR","created":"TIMESTAMPTZ","lastLogin":"TIMESTAMPTZ","profile":${PROFILE}}`;
const GROUP = '{"id":"VARCHAR","type":"VARCHAR","created":"TIMESTAMPTZ","profile":{"name":"VARCHAR","description":"VARCHAR"}}';

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

function userRow(user: User, more: object): object {
  return { ...user, created: iso(user.created), lastLogin: iso(user.lastLogin), ...more };
}

function groupRow(org: Org, id: string): object {
  const group = org.groups.get(id);
  return { ...group, created: iso(group?.created ?? null) };
}

function plain(json: unknown, raw: unknown): Value {
  if (typeof raw === 'bigint') return Number(raw);
  if (typeof json === 'string' && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/.test(json) && typeof raw === 'object') {
    const [text = ''] = /^[\d-]+ [\d:.]+/.exec(json) ?? [];
    return new Date(`${text.replace(' ', 'T')}Z`).toISOString();
  }
  return typeof json === 'object' && json !== null ? JSON.stringify(json) : (json as Value);
}

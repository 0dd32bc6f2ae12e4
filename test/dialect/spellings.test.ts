import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runQuery, sorted } from '../tasks/open-org.ts';
import { type Lab, openLab } from './lab.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await openLab();
});

afterAll(() => lab.close());

/** Every way to write `u.profile.<field>`; the first is also how plain tables have it. */
const SPELLINGS: readonly ((field: string) => string)[] = [
  (field) => `u.profile.${field}`,
  (field) => `profile.${field}`,
  (field) => `u."profile"."${field}"`,
  (field) => `(u.profile).${field}`,
  (field) => `u.profile['${field}']`,
  (field) => `u.profile->>'${field}'`,
  (field) => `u.profile->>'$.${field}'`,
  (field) => `u.profile ->> '$."${field}"'`,
  (field) => `json_extract(u.profile, '$.${field}')`,
  (field) => `JSON_EXTRACT(profile,'${field}')`,
  (field) => `json_extract_string(u.profile, '$.${field}')`,
  (field) => `json_value(u.profile, '$.${field}')`,
];

/** Where it stands: the statement with `{department}` and the like in place of the field. */
const PLACES: Readonly<Record<string, string>> = {
  'in the select list': 'SELECT {department} FROM okta.user.users u',
  alone: "SELECT id FROM okta.user.users u WHERE {department} = 'Sales'",
  'after AND': "SELECT id FROM okta.user.users u WHERE u.status = 'ACTIVE' AND {department} = 'Sales'",
  'before AND': "SELECT id FROM okta.user.users u WHERE {department} <> 'Sales' AND u.status = 'ACTIVE'",
  'under NOT': "SELECT id FROM okta.user.users u WHERE NOT {department} = 'Sales'",
  'under NOT and OR': "SELECT id FROM okta.user.users u WHERE NOT ({department} = 'Sales' OR {firstName} = 'ann')",
  'with OR': "SELECT id FROM okta.user.users u WHERE {department} = 'Sales' OR u.status = 'STAGED'",
  'in IN': "SELECT id FROM okta.user.users u WHERE {department} IN ('Sales', 'Zebra')",
  'in NOT IN': "SELECT id FROM okta.user.users u WHERE {department} NOT IN ('Sales', 'Zebra')",
  'with LIKE': "SELECT id FROM okta.user.users u WHERE {department} LIKE 'S%'",
  'with ILIKE': "SELECT id FROM okta.user.users u WHERE {department} ILIKE 's%'",
  'in BETWEEN': "SELECT id FROM okta.user.users u WHERE {department} BETWEEN 'A' AND 'T'",
  'with IS NULL': 'SELECT id FROM okta.user.users u WHERE {department} IS NULL',
  'with IS NOT NULL': "SELECT id FROM okta.user.users u WHERE {department} IS NOT NULL AND {department} <> ''",
  'on the right': "SELECT id FROM okta.user.users u WHERE 'Sales' = {department}",
  'against another': 'SELECT id FROM okta.user.users u WHERE {login} = {email}',
  'against a number': 'SELECT id FROM okta.user.users u WHERE {employeeNumber}::INT > 20',
  'equal to a number': 'SELECT id FROM okta.user.users u WHERE {employeeNumber} = 21',
  'in arithmetic': 'SELECT {employeeNumber}::INT + 1 FROM okta.user.users u',
  'in ORDER BY': 'SELECT id FROM okta.user.users u ORDER BY {department} NULLS FIRST, {login} DESC',
  'in GROUP BY': 'SELECT {department} AS d, count(*) FROM okta.user.users u GROUP BY {department}',
  'in GROUP BY ALL': 'SELECT {department}, count(*) FROM okta.user.users u GROUP BY ALL',
  'in HAVING': "SELECT u.status, count(*) FROM okta.user.users u GROUP BY u.status HAVING max({lastName}) > 'L2'",
  'in an aggregate':
    "SELECT count(DISTINCT {department}), min({login}), string_agg({lastName}, ',' ORDER BY {login}) FROM okta.user.users u",
  'in FILTER': "SELECT count(*) FILTER (WHERE {department} = 'Sales') FROM okta.user.users u",
  'in a window': 'SELECT id, row_number() OVER (PARTITION BY {lastName} ORDER BY {login}) FROM okta.user.users u',
  'in QUALIFY': 'SELECT id FROM okta.user.users u QUALIFY row_number() OVER (PARTITION BY {lastName} ORDER BY {login}) = 1',
  'in CASE':
    "SELECT CASE {department} WHEN 'Sales' THEN 1 ELSE 0 END, CASE WHEN {firstName} = 'Ann' THEN {lastName} END FROM okta.user.users u",
  'in functions':
    "SELECT upper({login}), coalesce({department}, 'none'), length({lastName}), {firstName} || ' ' || {lastName} FROM okta.user.users u",
  'in a cast': 'SELECT CAST({employeeNumber} AS INTEGER) FROM okta.user.users u',
  'in a join': 'SELECT u.id, g.id FROM okta.user.users u JOIN okta.group.groups g ON g.id = {nickName}',
  'in a left join': 'SELECT u.id, g.id FROM okta.user.users u LEFT JOIN okta.group.groups g ON g.id = {nickName}',
  'as a parameter': 'SELECT u.id, m.id FROM okta.user.users u JOIN okta.group.users m ON m.groupId = {nickName} WHERE u.status IS NOT NULL',
  'in a subquery': 'SELECT id FROM okta.group.groups WHERE id IN (SELECT {nickName} FROM okta.user.users u)',
  'in EXISTS': 'SELECT id FROM okta.group.groups g WHERE EXISTS (SELECT 1 FROM okta.user.users u WHERE {nickName} = g.id)',
  'in a CTE': 'WITH x AS (SELECT {department} AS d FROM okta.user.users u) SELECT d, count(*) FROM x GROUP BY d',
  'in DISTINCT ON': 'SELECT DISTINCT ON ({lastName}) {lastName}, {login} FROM okta.user.users u ORDER BY {lastName}, {login}',
  'in LIMIT with ORDER BY': 'SELECT {login} FROM okta.user.users u ORDER BY {login} LIMIT 3',
  'in a lambda': 'SELECT list_transform([{firstName}, {lastName}], x -> lower(x)) FROM okta.user.users u',
};

function written(template: string, spelling: (field: string) => string): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, field: string) => spelling(field));
}

/** An unqualified name would be ambiguous in a join. */
function isUsable(template: string, spelling: (field: string) => string): boolean {
  return !(/ JOIN /.test(template) && !spelling('x').includes('u.'));
}

describe.each(Object.entries(PLACES))('a nested field %s', (_, template) => {
  test('means the same in every spelling', async () => {
    const [plain] = SPELLINGS;
    const reference = written(template, plain ?? String);
    // Text against a number is compared as a number, which the plain table must be told.
    const expected = await lab.oracle.run(reference.replace(/(u\.profile\.employeeNumber) = (\d+)$/, '$1::INT = $2'));
    for (const spelling of SPELLINGS.filter((candidate) => isUsable(template, candidate))) {
      const sql = written(template, spelling);
      const { rows } = await runQuery(lab.session, sql);
      expect(sorted(rows), sql).toEqual(sorted(expected));
      if (/ORDER BY [^()]*$/.test(sql)) expect(rows, sql).toEqual(expected);
    }
  });
});

test('text is not compared with a number by order: the error says how to write it', async () => {
  for (const spelling of SPELLINGS) {
    await expect(runQuery(lab.session, `SELECT id FROM okta.user.users u WHERE ${spelling('employeeNumber')} > 20`)).rejects.toMatchObject({
      code: 'type_mismatch',
      hint: 'Say which is meant: column::DOUBLE for numbers, or a quoted literal for text.',
    });
  }
});

test('deep paths and array elements are read in every spelling', async () => {
  const deep = [
    'p.settings.password.complexity.minLength',
    "p.settings->>'$.password.complexity.minLength'",
    "p.settings->'password'->'complexity'->>'minLength'",
    "json_extract(p.settings, '$.password.complexity.minLength')",
    "p.settings['password']['complexity']['minLength']",
  ];
  const expected = await lab.oracle.run(
    "SELECT name, settings.password.complexity.minLength FROM okta.policy.policies WHERE type = 'PASSWORD'",
  );
  for (const spelling of deep) {
    const sql = `SELECT name, ${spelling} FROM okta.policy.policies p WHERE type = 'PASSWORD'`;
    expect(sorted((await runQuery(lab.session, sql)).rows), sql).toEqual(sorted(expected));
    const filtered = `${sql} AND ${spelling} > 5 ORDER BY ${spelling}`;
    expect((await runQuery(lab.session, filtered)).rows.length, filtered).toBe(expected.length);
  }
  const elements = ['g.objectClass->>0', "g.objectClass->>'$[0]'", "json_extract(g.objectClass, '$[0]')", 'g.objectClass[0]'];
  for (const spelling of elements) {
    const sql = `SELECT DISTINCT ${spelling} FROM okta.group.groups g WHERE ${spelling} = 'okta:user_group'`;
    expect((await runQuery(lab.session, sql)).rows, sql).toEqual([['okta:user_group']]);
  }
});

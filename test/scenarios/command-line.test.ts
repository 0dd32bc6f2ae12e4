import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { MAIN, runProgram } from './run-scenario.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orgql-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (args: readonly string[], options: { readonly env?: NodeJS.ProcessEnv; readonly stdin?: string } = {}) =>
  runProgram(
    [MAIN, ...args],
    folder,
    { PATH: process.env.PATH, HOME: folder, XDG_STATE_HOME: join(folder, 'state'), XDG_DATA_HOME: join(folder, 'data'), ...options.env },
    options.stdin,
  );

describe.skipIf(!existsSync(MAIN))('the built command line (skipped before npm run build)', () => {
  test('--version is one line', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string };
    expect(await run(['--version'])).toEqual({ out: `orgql ${version}\n`, err: '', status: 0 });
  });

  test('help tells of topics, and of what it has for a word that it does not know', async () => {
    const [auth, sql, unknown] = await Promise.all([run(['help', 'auth']), run(['help', 'sql']), run(['help', 'exit-code'])]);
    expect([auth.out.split('\n')[0], auth.status, sql.out.split('\n')[0]]).toEqual(['Credentials', 0, 'SQL']);
    expect(unknown).toEqual({
      out: '',
      err: 'error[usage]: There is no help on "exit-code"\n why: there is on each command, and on auth, sql, exit-codes, env, output\n fix: did you mean  orgql help exit-codes?\n',
      status: 2,
    });
  });

  test('SQL comes from the argument, a file or the standard input', async () => {
    writeFileSync(join(folder, 'q.sql'), 'SELECT 2 AS n;');
    const outs = await Promise.all([
      run(['exec', '-o', 'csv', 'SELECT 1 AS n']),
      run(['exec', '-o', 'csv', '-i', 'q.sql']),
      run(['exec', '-o', 'csv'], { stdin: 'SELECT 3 AS n' }),
    ]);
    expect(outs.map(({ out, status }) => [out, status])).toEqual([
      ['n\n1\n', 0],
      ['n\n2\n', 0],
      ['n\n3\n', 0],
    ]);
  });

  test('parameters are text, or typed with :=', async () => {
    expect(
      (
        await run([
          'exec',
          '-o',
          'json',
          'SELECT $a AS a, $b + 1 AS b, $c AS c',
          '--param',
          "a=x'y",
          '--param',
          'b:=41',
          '--param',
          'c:=null',
        ])
      ).out,
    ).toBe('[{"a":"x\'y","b":42,"c":null}]\n');
  });

  test('-f writes a file that appears when it is complete, and leaves nothing behind otherwise', async () => {
    expect(await run(['exec', '-o', 'csv', '-f', 'out.csv', 'SELECT 1 AS n'])).toEqual({ out: '', err: '', status: 0 });
    expect(readFileSync(join(folder, 'out.csv'), 'utf8')).toBe('n\n1\n');
    const failed = await run(['exec', '-f', 'bad.csv', "SELECT error('no')"]);
    expect([failed.status, readdirSync(folder).filter((name) => name.includes('bad'))]).toEqual([1, []]);
  });

  test('--receipt is written for a failure too', async () => {
    const { status } = await run(['exec', '--receipt', 'r.json', 'SELECT * FROM okta.session.sessions']);
    const receipt = JSON.parse(readFileSync(join(folder, 'r.json'), 'utf8')) as Record<string, unknown>;
    expect([status, receipt.complete, receipt.rows]).toEqual([1, false, 0]);
  });

  test('--receipt counts what a statement had asked for that fails before its rows are there', async () => {
    for (const sql of ['SELECT count(*) FROM okta.user.users', "COPY (SELECT id FROM okta.user.users) TO 'x.csv'"]) {
      expect((await run(['exec', '--receipt', 'r.json', '--max-calls', '1', sql])).status).not.toBe(0);
      const receipt = JSON.parse(readFileSync(join(folder, 'r.json'), 'utf8')) as {
        complete: boolean;
        requests: number;
        relations: { rows: number }[];
      };
      expect([receipt.complete, receipt.requests, receipt.relations.map(({ rows }) => rows)]).toEqual([false, 1, [200]]);
    }
  });

  test('a receipt that cannot be written is found out before the statement runs', async () => {
    const { out, status } = await run(['exec', '--receipt', 'none/r.json', 'SELECT 1 AS n']);
    expect([out, status]).toEqual(['', 1]);
    expect((await run(['exec', '-f', 'x', '--receipt', 'x', 'SELECT 1'])).status).toBe(2);
    expect(readdirSync(folder)).toEqual([]);
  });

  test.skipIf(!existsSync('/dev/full'))('-f never takes the place of a device, nor does COPY', async () => {
    const printed = await run(['exec', '-o', 'csv', '-f', '/dev/full', 'SELECT 1 AS n']);
    const copied = await run(['exec', "COPY (SELECT 1 AS n) TO '/dev/full' (FORMAT csv)"]);
    expect([printed.status, copied.status, statSync('/dev/full').isCharacterDevice()]).toEqual([1, 1, true]);
    expect(await run(['exec', '-o', 'csv', '-f', '/dev/stdout', 'SELECT 1 AS n'])).toEqual({ out: 'n\n1\n', err: '', status: 0 });
  });

  test.each([
    [['exce'], 'error[usage]: There is no command "exce"\n fix: did you mean  orgql exec?\n'],
    [
      ['exec', '-o', 'jsn', 'SELECT 1'],
      'error[usage]: There is no output format "jsn"\n why: the formats are table, json, jsonl, csv, tsv, markdown, vertical, text\n fix: did you mean json?\n',
    ],
    [['exec', '--recept', 'x', 'SELECT 1'], 'error[usage]: There is no flag "--recept"\n fix: did you mean --receipt?\n'],
    [
      ['exec', '--token', '00secret', 'SELECT 1'],
      'error[usage]: A secret does not belong on the command line\n why: other users of this machine can read it in the list of processes, and the shell keeps it in its history\n fix: put it into an environment variable and name that in orgql.yaml (token_env), or into a file (token: file:PATH)\n',
    ],
    [
      ['emulate', '--yes'],
      'error[usage]: --yes means nothing to orgql emulate\n why: it belongs to exec, explain, shell\n fix: see  orgql emulate --help\n',
    ],
    [
      ['org'],
      'error[usage]: orgql org needs to know what to do\n why: it can list, test, analyze, trust\n fix: for example:  orgql org list\n',
    ],
    [
      ['exec', ''],
      'error[usage]: There is no SQL to run\n why: the text given is empty\n fix: for example:  orgql exec "SELECT id, status FROM okta.user.users LIMIT 5"\n',
    ],
  ])('%j is refused with a reason', async (args, err) => {
    expect(await run(args)).toEqual({ out: '', err, status: 2 });
  });

  test('errors are JSON where results are', async () => {
    const { err, status } = await run(['exec', '-o', 'json', 'SELECT emial FROM okta.user.users']);
    expect([status, (JSON.parse(err) as { readonly error: { readonly code: string } }).error.code]).toEqual([1, 'unknown_column']);
  });

  test("StackQL's flags are taken, with a word on those that do nothing here", async () => {
    const { out, err, status } = await run([
      'exec',
      '--approot',
      '/x',
      '--http.response.maxResults=5',
      '--hideheaders',
      '-o',
      'csv',
      'SELECT 1',
    ]);
    expect({ out, err, status }).toEqual({
      out: '1\n',
      err: 'notice: --approot has no effect: orgql keeps its files in the XDG folders\nnotice: --http.response.maxResults has no effect: results are never cut short; use LIMIT\n',
      status: 0,
    });
  });

  test('a project file needs trust before its orgs count', async () => {
    writeFileSync(join(folder, 'orgql.yaml'), 'orgs: { lab: { org_url: http://127.0.0.1:1, token: x } }\n');
    const before = await run(['exec', 'SELECT id FROM okta.user.users']);
    expect([before.status, before.err.split('\n')[0]?.split(':')[0]]).toEqual([3, 'error[untrusted_config]']);
    expect((await run(['org', 'trust'])).err).toBe('./orgql.yaml is trusted as it is now, with the orgs lab; a change to it ends that\n');
    const after = await run(['exec', 'SELECT id FROM okta.user.users']);
    expect([after.status, after.err.split(':')[0]]).toEqual([4, 'error[unreachable]']);
  });

  test('org list says where credentials come from, without them', async () => {
    writeFileSync(
      join(folder, 'c.yaml'),
      'orgs: { lab: { org_url: http://127.0.0.1:1, token: "00hidden" }, acme: { org_url: https://acme.okta.com, token_env: ACME } }\n',
    );
    expect((await run(['org', 'list', '--config', 'c.yaml', '-o', 'csv'])).out).toBe(
      'name,provider,url,credential,budget,default,from\nlab,okta,http://127.0.0.1:1,token in the file,0.9,false,c.yaml\nacme,okta,https://acme.okta.com,token in ACME,0.9,false,c.yaml\ndemo,okta,,built in,,false,built in\n',
    );
  });

  test('explain explains every statement and runs none', async () => {
    const { out, err, status } = await run([
      'explain',
      "USE okta.group; INSERT INTO groups (profile) VALUES ('{}'); SELECT count(*) FROM groups WHERE type = 'OKTA_GROUP'",
      '-o',
      'json',
    ]);
    const plans = out
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { readonly steps: readonly { readonly http: string }[] }).steps.map(({ http }) => http));
    expect({ plans, err, status }).toEqual({
      plans: [['POST /api/v1/groups'], ['GET /api/v1/groups']],
      err: 'names without a provider are looked for in okta.group\n',
      status: 0,
    });
  });

  test('UPDATE and DELETE without WHERE need --all', async () => {
    const sql = 'DELETE FROM okta.group.rules';
    const without = await run(['exec', '--yes', sql]);
    expect([without.status, without.err.split(':')[0]]).toEqual([6, 'error[refused]']);
    // The org refuses to delete an active rule: the call was made.
    const withAll = await run(['exec', '--yes', '--all', sql]);
    expect([withAll.status, withAll.err.split(':')[0]]).toEqual([4, 'error[api_error]']);
  });

  test('a token comes from the variable that the configuration names', async () => {
    const emulator = createEmulator({ seed: 'demo', subdomain: 'lab' });
    const server = await emulator.listen({ port: 0 });
    try {
      writeFileSync(join(folder, 'c.yaml'), `orgs: { lab: { org_url: ${server.url}, token_env: LAB_TOKEN } }\n`);
      const args = ['exec', '--config', 'c.yaml', '-o', 'csv', 'SELECT count(*) > 0 AS ok FROM okta.user.users'];
      expect(await run(args, { env: { LAB_TOKEN: emulator.token } })).toEqual({ out: 'ok\ntrue\n', err: '', status: 0 });
      const { err, status } = await run(args);
      expect({ err, status }).toEqual({
        err: 'error[missing_credential]: The org lab has no credential: the environment variable LAB_TOKEN is not set\n fix: set LAB_TOKEN\n',
        status: 3,
      });
    } finally {
      await server.close();
    }
  });

  test('a timeout ends with 124', async () => {
    const { err, status } = await run([
      'exec',
      '--timeout',
      '200ms',
      'SELECT count(*) FROM range(100000000000) t(i) WHERE i % 7 = sqrt(i)',
    ]);
    expect([status, err.split('\n')[0]]).toEqual([124, 'error[timeout]: The statement took longer than 200ms']);
  });
});

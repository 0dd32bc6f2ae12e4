/** Packs the package, installs it elsewhere, and runs it there as a user would: the command, the demo org and the library. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, startOf } from './prepare.mjs';

const folder = mkdtempSync(join(tmpdir(), 'orgql-smoke-'));
const npm = (given, cwd) => {
  const { program, args, shell } = startOf('npm', given);
  return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], shell });
};
// The program that runs what was installed: this one, or another version of Node (`node scripts/smoke.mjs /path/to/node`).
const node = process.argv[2] ?? process.execPath;
// Nothing of this machine's own configuration may help or hinder.
const env = {
  PATH: process.env.PATH,
  HOME: folder,
  USERPROFILE: folder,
  SystemRoot: process.env.SystemRoot,
  TEMP: process.env.TEMP,
  XDG_CONFIG_HOME: join(folder, 'config'),
  XDG_DATA_HOME: join(folder, 'data'),
  XDG_STATE_HOME: join(folder, 'state'),
};
const runNode = (args) => execFileSync(node, args, { cwd: folder, encoding: 'utf8', env });

function check(what, isRight, got) {
  if (!isRight) {
    console.error(`smoke: ${what} is wrong:\n${got}`);
    process.exit(1);
  }
  console.log(`smoke: ${what}`);
}

try {
  npm(['pack', '--ignore-scripts', '--pack-destination', folder], root);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  writeFileSync(join(folder, 'package.json'), '{"name":"smoke","private":true,"type":"module"}');
  npm(['install', '--no-audit', '--no-fund', join(folder, tarball)], folder);
  const main = join('node_modules', 'orgql', 'dist', 'cli', 'main.js');

  const version = runNode([main, '--version']);
  check('orgql --version', /^orgql \d+\.\d+\.\d+\n$/.test(version), version);
  const rows = JSON.parse(runNode([main, 'exec', '-o', 'json', "SELECT id, status FROM okta.user.users WHERE subdomain = 'demo' LIMIT 5"]));
  check(
    'five users of the demo org',
    rows.length === 5 && rows.every((row) => /^00u/.test(row.id) && typeof row.status === 'string'),
    JSON.stringify(rows),
  );
  const methods = runNode([main, 'exec', '-o', 'csv', 'SHOW METHODS IN okta.session.sessions']);
  check('the methods of okta.session.sessions', methods.trim().split('\n').length === 5, methods);
  writeFileSync(
    join(folder, 'library.mjs'),
    `import { open } from 'orgql';
const db = await open();
const result = await db.query("SELECT count(*) AS n FROM okta.user.users WHERE subdomain = 'demo'");
for await (const row of result) console.log(row.n > 0, result.receipt !== undefined);
await db.close();
`,
  );
  check('the library', runNode(['library.mjs']) === 'true true\n', 'see above');
  console.log(`smoke: passed on ${runNode(['--version']).trim()}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

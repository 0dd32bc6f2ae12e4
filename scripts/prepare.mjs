/** What the scripts of a bare clone share: installing once, and running programs on every platform. */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder, with a separator at its end. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** How a program is started here: npm is a script on Windows, which only a shell can start, and a shell splits at blanks. */
export function startOf(command, args) {
  const npmCli = process.env.npm_execpath;
  if (command === 'npm' && npmCli !== undefined && /\.c?js$/.test(npmCli))
    return { program: process.execPath, args: [npmCli, ...args], shell: false };
  const shell = command === 'npm' && process.platform === 'win32';
  return { program: command, args: shell ? args.map((arg) => (/[\s&^|<>()%!]/.test(arg) ? `"${arg}"` : arg)) : args, shell };
}

/** Runs a program in the project's folder; ends this process where it fails, unless it may. */
export function run(command, args, options = {}) {
  const start = startOf(command, args);
  const { status, error } = spawnSync(start.program, start.args, {
    cwd: root,
    stdio: options.isQuiet ? ['ignore', 'ignore', 'inherit'] : 'inherit',
    shell: start.shell,
  });
  if (error !== undefined) console.error(`${command}: ${error.message}`);
  if (status !== 0 && options.mayFail !== true) process.exit(status ?? 1);
  return status ?? 1;
}

/** `npm ci` where nothing is installed yet, or something else than the lockfile says. */
export function ensureInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs) return;
  console.error('Installing the packages that package-lock.json names ...');
  if (run('npm', ['ci', '--no-audit', '--no-fund'], { isQuiet: true, mayFail: true }) === 0) return;
  console.error('npm ci could not be done; trying npm install');
  run('npm', ['install', '--no-audit', '--no-fund', '--no-save'], { isQuiet: true });
}

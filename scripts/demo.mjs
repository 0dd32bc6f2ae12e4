/** `npm run demo`: installs and builds what is missing, and shows the main job on an emulated Okta org. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, root, run } from './prepare.mjs';

ensureInstalled();
if (!existsSync(join(root, 'dist', 'cli', 'main.js')) || !existsSync(join(root, 'dist', 'providers')))
  run('npm', ['run', '--silent', 'build']);
process.exit(run(process.execPath, ['dist/cli/main.js', 'demo', ...process.argv.slice(2)], { mayFail: true }));

/** `npm run docs`: the whole site in `site/`, the manual and the pages of Okta's resources. `node dist/cli/main.js docs serve` shows it. */
import { ensureInstalled, run } from './prepare.mjs';

ensureInstalled();
run('npm', ['run', '--silent', 'build']);
run(process.execPath, ['dist/cli/main.js', 'docs', 'build', ...process.argv.slice(2)]);

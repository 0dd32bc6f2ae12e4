/** `npm run bench [part ...]`: builds what is to be measured, and measures it (`bench/run.ts`). */
import { ensureInstalled, root, run } from './prepare.mjs';

ensureInstalled();
if (process.env.ORGQL_BENCH_DIST === undefined) run('npm', ['run', '--silent', 'build']);
process.chdir(root);
process.exit(run(process.execPath, ['--import', 'tsx', 'bench/run.ts', ...process.argv.slice(2)], { mayFail: true }));

/**
 * `npm test`: installs what is missing, builds, runs every test and prints what ran. Arguments go to vitest (`npm test -- src/cli`).
 * Plain JavaScript, since in a bare clone nothing is installed that could run anything else.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { ensureInstalled, root, run } from './prepare.mjs';

ensureInstalled();
run('npm', ['run', '--silent', 'build']);

const report = new URL('../coverage/vitest.json', import.meta.url);
mkdirSync(new URL('../coverage/', import.meta.url), { recursive: true });
rmSync(report, { force: true });
const status = run(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    '--outputFile.json=coverage/vitest.json',
    ...process.argv.slice(2),
  ],
  { mayFail: true },
);

const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
// A file that could not be loaded has no tests to fail.
const brokenFiles = testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
).length;
const skipped = testResults.flatMap((file) =>
  file.assertionResults
    .filter((test) => test.status !== 'passed' && test.status !== 'failed')
    .map((test) => `${file.name.replaceAll('\\', '/').replace(root.replaceAll('\\', '/'), '')}: ${test.fullName}`),
);
for (const name of skipped) console.log(`skipped  ${name}`);
const failed = numFailedTests + brokenFiles;
console.log(`${numPassedTests} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped`);
process.exit(status !== 0 || failed > 0 ? 1 : 0);

#!/usr/bin/env node
import { version } from './version.ts';

// The version costs what Node's own start costs: nothing else is loaded for it.
const first = process.argv[2];
if (process.argv.length === 3 && (first === '--version' || first === '-V')) {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    process.stderr.write(`error[io_error]: Cannot write to the standard output\n why: ${error.message}\n`);
    process.exit(1);
  });
  process.stdout.write(`orgql ${version()}\n`);
} else {
  const { runProcess } = await import('./run-process.ts');
  await runProcess(process.argv.slice(2));
}

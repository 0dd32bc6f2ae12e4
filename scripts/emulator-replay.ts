/**
 * `npm run emulator:replay -- FILE [--test TEXT] [--endpoint TEXT] [--newest | --as-answered] [--bodies] [--json]`
 * Replays recorded requests against the emulator and prints, for each endpoint, how many statuses, error codes and key sets of bodies (at every
 * depth) agree, and what differs. Each org answers in the shapes of
 * the recorded date (`--newest`: of today; `--as-answered`: also without the capabilities that the recorded answers never show). FILE holds JSON lines, gzipped or not: `{test, method, path, query, reqBody, status, headers, body}`.
 */
import { readRecording } from './emulator-replay/recording.ts';
import { replay } from './emulator-replay/replay.ts';
import { byEndpoint, figuresOf, reportText } from './emulator-replay/report.ts';
import { readScope } from './emulator-replay/scope.ts';

const args = process.argv.slice(2);
const file = args.find((arg, at) => !arg.startsWith('--') && !['--test', '--endpoint'].includes(args[at - 1] ?? ''));
if (file === undefined) {
  process.stderr.write(
    'usage: npm run emulator:replay -- FILE [--test TEXT] [--endpoint TEXT] [--newest | --as-answered] [--bodies] [--json]\n',
  );
  process.exit(2);
}
const [test, endpoint] = [option('--test'), option('--endpoint')];
const recording = readRecording(file).filter((one) => test === undefined || one.test.includes(test));
const all = await replay(recording, readScope(), {
  shapes: args.includes('--newest') ? 'newest' : args.includes('--as-answered') ? 'answers' : 'date',
});
const outcomes = endpoint === undefined ? all : all.filter((one) => one.endpoint?.includes(endpoint) === true);
if (args.includes('--json')) {
  const endpoints = [...byEndpoint(outcomes)].map(([name, group]) => figuresOf(name, group));
  const sums = figuresOf(
    'all',
    outcomes.filter((one) => one.endpoint !== undefined),
  );
  process.stdout.write(`${JSON.stringify({ sums, endpoints })}\n`);
} else process.stdout.write(`${reportText(outcomes, { bodies: args.includes('--bodies') })}\n`);

function option(name: string): string | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}

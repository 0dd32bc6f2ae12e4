/** The process of one contender: `worker.ts <module> <setup as JSON>`; runs a round for each message and sends what it measured. */
import type { Contender, Round, Setup } from './contender.ts';

const [module = '', setup = '{}'] = process.argv.slice(2);
const { prepare } = (await import(module)) as Contender;
const round = await prepare(JSON.parse(setup) as Setup);
process.on('message', (message) => {
  if (message === 'end') process.exit(0);
  void measure();
});
process.send?.('ready');

async function measure(): Promise<void> {
  const cpu = process.cpuUsage();
  const begun = performance.now();
  try {
    const outcome = await round();
    const wallMs = performance.now() - begun;
    const { user, system } = process.cpuUsage(cpu);
    const result: Round = { ...outcome, wallMs, cpuMs: (user + system) / 1000 };
    process.send?.(result);
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
}

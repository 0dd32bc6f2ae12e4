// For tests only, loaded before a run: kills the process at one of its durable writes. ORGQL_TEST_KILL is `<n>:before|half|after`.
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [at, how] = (process.env.ORGQL_TEST_KILL ?? '').split(':');
const probe = join(tmpdir(), `orgql-probe-${process.pid}`);
const handle = await open(probe, 'w');
const prototype = Object.getPrototypeOf(handle);
await handle.close();
await rm(probe);
const { appendFile } = prototype;
let count = 0;
prototype.appendFile = async function (bytes, ...rest) {
  if (++count !== Number(at)) return appendFile.call(this, bytes, ...rest);
  if (how === 'half') await appendFile.call(this, bytes.subarray(0, Math.floor(bytes.length / 2)), ...rest);
  if (how === 'after') await appendFile.call(this, bytes, ...rest);
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => {});
};

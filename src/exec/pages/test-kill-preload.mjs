// For tests only, loaded before a run: kills the process at one of its durable steps. ORGQL_TEST_KILL is `<n>:before|half|after` for
// the n-th write to a file that is added to, or `rename:<n>:before|after` for the n-th file that gets its name.
import fs, { open, rm } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const parts = (process.env.ORGQL_TEST_KILL ?? '').split(':');
const how = parts.at(-1);
const at = Number(parts.at(-2));
const isRename = parts[0] === 'rename';
const probe = join(tmpdir(), `orgql-probe-${process.pid}`);
const handle = await open(probe, 'w');
const prototype = Object.getPrototypeOf(handle);
await handle.close();
await rm(probe);
const die = async () => {
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => {});
};
const { appendFile } = prototype;
let count = 0;
prototype.appendFile = async function (bytes, ...rest) {
  if (isRename || ++count !== at) return appendFile.call(this, bytes, ...rest);
  if (how === 'half') await appendFile.call(this, bytes.subarray(0, Math.floor(bytes.length / 2)), ...rest);
  if (how === 'after') await appendFile.call(this, bytes, ...rest);
  await die();
};
const { rename } = fs;
let renames = 0;
fs.rename = async (from, to) => {
  const isIt = isRename && ++renames === at;
  if (isIt && how === 'before') await die();
  await rename(from, to);
  if (isIt) await die();
};
syncBuiltinESMExports();

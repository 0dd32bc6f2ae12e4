import { readFile, rename, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DEMO_ORG } from '../../config/load.ts';
import { parseDurationMs, parseShare } from '../../config/quantities.ts';
import type { EmulatorOptions, FaultRule, JsonObject } from '../../emulator/types.ts';
import { OrgqlError } from '../../util/errors.ts';
import { suggest } from '../../util/suggestions.ts';
import type { Io } from '../io.ts';
import { ioError } from '../print-error.ts';
import { badFlag } from '../statements.ts';

type EmulateFlags = Readonly<Record<string, unknown>>;

/** `orgql emulate`: serves an emulated org until it is stopped. Its first line on stdout is `{"url","token","subdomain"}`. */
export async function emulateCommand(io: Io, flags: EmulateFlags): Promise<number> {
  const [{ createEmulator }, { SEEDS }, { RATE_LIMIT_TABLES }, { CAPABILITIES }] = await Promise.all([
    import('../../emulator/emulator.ts'),
    import('../../emulator/seeds.ts'),
    import('../../emulator/rate-limits.ts'),
    import('../../emulator/release.ts'),
  ]);
  const text = (name: string): string | undefined => (typeof flags[name] === 'string' ? (flags[name] as string) : undefined);
  const port = wholeNumber('--port', text('port') ?? '0', 65_535);
  const users = text('users') === undefined ? undefined : wholeNumber('--users', text('users') ?? '', 10_000_000);
  const rateLimits = oneOf('--rate-limits', text('rateLimits') ?? 'off', [...Object.keys(RATE_LIMIT_TABLES), 'off']);
  const seed = await readSeed(io, text('seed') ?? 'demo', Object.keys(SEEDS));
  const faults = text('faults') === undefined ? undefined : await readFaults(io, text('faults') ?? '');
  const now = text('now');
  if (now !== undefined && Number.isNaN(Date.parse(now))) throw badFlag('--now', now, 'a time', '2026-01-31T12:00:00Z');
  const share = text('tokenShare') === undefined ? undefined : parseShare(text('tokenShare'));
  if (text('tokenShare') !== undefined && share === undefined)
    throw badFlag('--token-share', text('tokenShare') ?? '', 'a share above 0 and at most 100%', '50%');
  const delay = text('indexDelay') === undefined ? undefined : parseDurationMs(text('indexDelay'));
  if (text('indexDelay') !== undefined && delay === undefined) throw badFlag('--index-delay', text('indexDelay') ?? '', 'a duration', '2s');
  const release = text('release');
  if (release !== undefined && Number.isNaN(Date.parse(release))) throw badFlag('--release', release, 'a date', '2022-10');
  const without = (text('without') ?? '').split(',').flatMap((item) => (item.trim() === '' ? [] : [item.trim()]));
  for (const item of without) oneOf('--without', item, Object.keys(CAPABILITIES));
  const token = text('token');
  const subdomain = text('name') ?? 'emulated';
  if (!/^[a-z0-9][a-z0-9-]*$/i.test(subdomain) || subdomain === DEMO_ORG)
    throw badFlag('--name', subdomain, `a host label other than ${DEMO_ORG}, which is the built-in org`, 'lab');

  const options: EmulatorOptions = {
    seed,
    rateLimits,
    subdomain,
    ...(users === undefined ? {} : { users }),
    ...(faults === undefined ? {} : { faults }),
    ...(now === undefined ? {} : { now }),
    ...(share === undefined ? {} : { tokenShare: share }),
    ...(delay === undefined ? {} : { indexDelayMs: delay }),
    ...(flags.emptyLastPages === true ? { emptyLastPages: true } : {}),
    ...(release === undefined ? {} : { release }),
    ...(without.length === 0 ? {} : { without: without as (keyof typeof CAPABILITIES)[] }),
    ...(token === undefined ? {} : { token }),
  };
  const emulator = createEmulator(options);
  const listening = await emulator.listen({ port, host: text('host') ?? '127.0.0.1' }).catch((error: NodeJS.ErrnoException) => {
    throw ioError(error, `Cannot listen at port ${port}`);
  });
  try {
    const configOut = text('configOut');
    if (configOut !== undefined) await writeConfig(resolve(io.cwd, configOut), emulator.subdomain, listening.url, emulator.token);
    await io.stdout.write(`${JSON.stringify({ url: listening.url, token: emulator.token, subdomain: emulator.subdomain })}\n`);
    if (io.stderr.isTerminal) io.stderr.write('The emulated org is running; Ctrl-C stops it.\n');
    await untilStopped(io);
  } finally {
    await listening.close();
  }
  return 0;
}

async function untilStopped(io: Io): Promise<void> {
  if (io.signal.aborted) return;
  await new Promise<void>((resolve) => io.signal.addEventListener('abort', () => resolve(), { once: true }));
}

async function readSeed(io: Io, seed: string, names: readonly string[]): Promise<string | JsonObject> {
  if (names.includes(seed)) return seed;
  if (!/[./\\]/.test(seed)) {
    const near = suggest(seed, names);
    throw new OrgqlError('usage', `There is no seed "${seed}"`, {
      detail: `the seeds are ${names.join(', ')}; a file must have a dot or a slash in its name`,
      ...(near === undefined ? {} : { hint: `did you mean ${near}?` }),
    });
  }
  const content = await readJson(io, seed, 'seed');
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new OrgqlError('usage', `The seed ${seed} is no JSON object`);
  return content as JsonObject;
}

async function readFaults(io: Io, file: string): Promise<readonly FaultRule[]> {
  const content = await readJson(io, file, 'faults');
  const rules = Array.isArray(content) ? content : undefined;
  const { FAULT_KINDS, isFaultRule } = await import('../../emulator/faults.ts');
  if (rules === undefined || !rules.every(isFaultRule)) {
    throw new OrgqlError('usage', `The faults in ${file} are no list of rules`, {
      detail: `each needs an effect whose kind is one of ${Object.keys(FAULT_KINDS).join(', ')}`,
      hint: 'write  [{"path": "/api/v1/users", "count": 1, "effect": {"kind": "status", "status": 503}}]',
    });
  }
  return rules;
}

async function readJson(io: Io, file: string, what: string): Promise<unknown> {
  const text = await readFile(resolve(io.cwd, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw ioError(error, `Cannot read the ${what} file ${file}`);
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new OrgqlError('usage', `The ${what} file ${file} is no JSON`, { detail: (cause as Error).message, cause });
  }
}

/** A configuration with the emulated org as the default one. The token is a secret of this machine only, but is kept from other users all the same. */
async function writeConfig(file: string, name: string, url: string, token: string): Promise<void> {
  const content = `default_org: ${name}\norgs:\n  ${name}:\n    org_url: ${url}\n    token: ${JSON.stringify(token)}\n`;
  const beside = `${file}.${process.pid}.part`;
  try {
    await writeFile(beside, content, { mode: 0o600 });
    await rename(beside, file);
  } catch (error) {
    throw ioError(error as NodeJS.ErrnoException, `Cannot write ${file}`);
  }
}

function wholeNumber(flag: string, value: string, most: number): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > most) throw badFlag(flag, value, `a whole number from 0 to ${most}`, '0');
  return number;
}

function oneOf(flag: string, value: string, choices: readonly string[]): string {
  if (choices.includes(value)) return value;
  const near = suggest(value, choices);
  throw new OrgqlError('usage', `${flag} cannot be "${value}"`, {
    detail: `it is one of ${choices.join(', ')}`,
    ...(near === undefined ? {} : { hint: `did you mean ${near}?` }),
  });
}

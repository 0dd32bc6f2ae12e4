import { type ConfigInputs, type LoadedConfig, loadConfig } from '../config/load.ts';
import type { SharedClock } from '../emulator/shared-clock.ts';
import type { Session } from '../session-types.ts';
import { OrgqlError } from '../util/errors.ts';
import type { FlagValues } from './flags.ts';
import type { Io } from './io.ts';
import { version } from './version.ts';

/** The configuration as files, environment and flags give it, its notices printed. */
export async function loadConfigOf(io: Io, flags: FlagValues): Promise<LoadedConfig> {
  const inputs: ConfigInputs = {
    env: io.env,
    cwd: io.cwd,
    home: io.home,
    platform: io.platform,
    ...(flags.config === undefined ? {} : { configFile: flags.config }),
    ...(flags.org === undefined ? {} : { org: flags.org }),
    ...(flags.subdomain === undefined ? {} : { subdomain: flags.subdomain }),
    ...(flags.budget === undefined ? {} : { budget: flags.budget }),
    ...(flags.allowPath === undefined ? {} : { allowedPaths: flags.allowPath }),
    ...(flags.auth === undefined ? {} : { stackqlAuth: flags.auth }),
  };
  const config = await loadConfig(inputs);
  for (const notice of config.notices) io.stderr.write(`notice: ${notice}\n`);
  return config;
}

/** A session on that configuration. The caller closes it. */
export async function openConfiguredSession(io: Io, flags: FlagValues): Promise<Session> {
  // Started before the configuration is read, so that both overlap.
  const session = import('../session.ts');
  session.catch(() => {});
  const config = await loadConfigOf(io, flags);
  const clock = await clockOf(io);
  return (await session).openSession(config.session, {
    environment: io.env,
    userAgent: `orgql/${version()}`,
    ...(clock === undefined ? {} : { clock }),
  });
}

/** The clock of an emulated org, if waits are to pass in its time. */
async function clockOf(io: Io): Promise<SharedClock | undefined> {
  const url = io.env.ORGQL_CLOCK;
  if (url === undefined || url === '') return undefined;
  const { remoteClock } = await import('../emulator/shared-clock.ts');
  return remoteClock(url, fetch).catch((cause: unknown) => {
    throw new OrgqlError('invalid_config', `ORGQL_CLOCK is "${url}"`, {
      detail: cause instanceof Error ? cause.message : String(cause),
      hint: 'give it the URL of a running  orgql emulate',
    });
  });
}

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DEMO_ORG } from '../../config/load.ts';
import { openTrustStore } from '../../config/trust.ts';
import { parseYaml } from '../../config/yaml-file.ts';
import type { SqlValue } from '../../engine/types.ts';
import type { OrgConfig, SecretSource } from '../../session-types.ts';
import { OrgqlError } from '../../util/errors.ts';
import { suggest } from '../../util/suggestions.ts';
import type { FlagValues } from '../flags.ts';
import type { Io } from '../io.ts';
import { loadConfigOf, openConfiguredSession } from '../open-session.ts';
import { escapeForDisplay } from '../output/escape.ts';
import { FORMATS } from '../output/formats.ts';
import { asOrgqlError, ioError } from '../print-error.ts';
import { formatOf } from './exec.ts';

/** `orgql org list`: every org, where it is, where its credential comes from. No secret is read. */
export async function orgListCommand(io: Io, flags: FlagValues): Promise<number> {
  const { session } = await loadConfigOf(io, flags);
  const isDefault = (name: string): boolean => name === (session.defaultOrg ?? (session.orgs.length === 0 ? DEMO_ORG : undefined));
  const rows: SqlValue[][] = session.orgs.map((org) => [
    org.name,
    org.provider,
    org.orgUrl ?? null,
    describeSecret(org.secret),
    org.budget,
    isDefault(org.name),
    org.origin,
  ]);
  for (const { name, file } of session.untrustedOrgs ?? [])
    rows.push([name, null, null, `not trusted: orgql org trust ${file}`, null, isDefault(name), file]);
  rows.push([DEMO_ORG, 'okta', null, 'built in', null, isDefault(DEMO_ORG), 'built in']);
  const text = { type: 'VARCHAR' };
  const columns = [
    { name: 'name', ...text },
    { name: 'provider', ...text },
    { name: 'url', ...text },
    { name: 'credential', ...text },
    { name: 'budget', type: 'DOUBLE' },
    { name: 'default', type: 'BOOLEAN' },
    { name: 'from', ...text },
  ];
  const formatter = FORMATS[formatOf(flags, 'table')].make(io.stdout, { hasHeader: true, delimiter: ',', isCsvSafe: false, clock: io.now });
  await formatter.begin(columns);
  await formatter.rows(rows);
  await formatter.end();
  return 0;
}

/** Where a secret comes from, without it. */
function describeSecret(secret: SecretSource | undefined): string {
  switch (secret?.kind) {
    case undefined:
      return 'none';
    case 'env':
      return `token in ${secret.variable}`;
    case 'file':
      return `token in ${secret.path}`;
    case 'command':
      return `token from ${secret.command[0]}`;
    case 'literal':
      return 'token in the file';
    case 'oauth':
      return `OAuth app ${secret.clientId}${secret.dpop ? ' with DPoP' : ''}`;
    case 'bearer':
      return `bearer ${describeSecret(secret.token)}`;
  }
}

/** `orgql org test [name]`: one small call, to see whether the org answers and takes the credential. */
export async function orgTestCommand(io: Io, name: string | undefined, flags: FlagValues): Promise<number> {
  const { session: config } = await loadConfigOf(io, flags);
  const names = [...config.orgs.map((org) => org.name), ...(config.untrustedOrgs ?? []).map((org) => org.name), DEMO_ORG];
  const wanted = name ?? config.defaultOrg ?? (config.orgs.length === 0 ? DEMO_ORG : undefined);
  if (wanted === undefined)
    throw new OrgqlError('usage', 'Which org?', { detail: `there are ${names.join(', ')}`, hint: `orgql org test ${names[0]}` });
  if (!names.includes(wanted)) {
    const near = suggest(wanted, names);
    throw new OrgqlError('unknown_org', `There is no org "${wanted}"`, {
      detail: `there are ${names.join(', ')}`,
      ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }),
    });
  }
  const org = config.orgs.find((candidate) => candidate.name === wanted);
  if (org !== undefined && org.provider !== 'okta')
    throw new OrgqlError('usage', `"${wanted}" is an org of the provider ${org.provider}`, {
      detail: 'only Okta orgs can be tested so',
      hint: `run a statement on it:  orgql exec "SHOW SERVICES IN ${org.provider}"`,
    });
  const session = await openConfiguredSession({ ...io, stderr: { ...io.stderr, write: () => {} } }, flags);
  try {
    const started = io.now();
    const cursor = await session.query(probe(org, wanted), { signal: io.signal });
    let login: string | undefined;
    for await (const batch of cursor.batches)
      for (const [value] of batch) login ??= value === null || value === undefined ? undefined : String(value);
    await cursor.close();
    const owner = login === undefined || org?.secret?.kind === 'oauth' ? '' : `; the token belongs to ${escapeForDisplay(login)}`;
    await io.stdout.write(
      `${wanted}: ${org?.orgUrl ?? 'the built-in org'} answers after ${io.now() - started} ms and takes the credential${owner}\n`,
    );
    return 0;
  } catch (thrown) {
    throw asOrgqlError(thrown);
  } finally {
    await session.close();
  }
}

/** An API token has an owner; an OAuth app has none, and may see what its scopes say. */
function probe(org: OrgConfig | undefined, name: string): string {
  const subdomain = `subdomain = '${name.replaceAll("'", "''")}'`;
  if (org?.secret?.kind === 'oauth') {
    const relation =
      org.secret.scopes.some((scope) => scope.startsWith('okta.users.')) ||
      !org.secret.scopes.some((scope) => scope.startsWith('okta.groups.'))
        ? 'okta.user.users'
        : 'okta.group.groups';
    return `SELECT id FROM ${relation} WHERE ${subdomain} LIMIT 1`;
  }
  return `SELECT profile.login FROM okta.user.users WHERE userId = 'me' AND ${subdomain}`;
}

/** `orgql org trust [file]`: lets a project's file name addresses, credentials and commands, until it changes. */
export async function orgTrustCommand(io: Io, file: string | undefined, flags: FlagValues): Promise<number> {
  const label = file ?? './orgql.yaml';
  const path = resolve(io.cwd, label);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw ioError(error, `Cannot read ${label}`);
  });
  const parsed = await parseYaml(text, path, label);
  const { directories } = await loadConfigOf(
    { ...io, stderr: { ...io.stderr, write: () => {} } },
    { ...(flags.config === undefined ? {} : { config: flags.config }) },
  );
  await openTrustStore(directories.state).trust(path, parsed.text);
  const orgs = parsed.content.orgs;
  const names = typeof orgs === 'object' && orgs !== null ? Object.keys(orgs) : [];
  io.stderr.write(
    `${label} is trusted as it is now${names.length === 0 ? '' : `, with the orgs ${names.map(escapeForDisplay).join(', ')}`}; a change to it ends that\n`,
  );
  return 0;
}

import type { AuthConfig } from '../catalog/types.ts';
import type { Credential } from '../http/types.ts';
import type { OrgConfig, SecretSource } from '../session-types.ts';
import { OrgqlError } from '../util/errors.ts';
import type { CredentialSource } from './org-directory.ts';
import { type EnvironmentVariables, type PlainSource, readSecret } from './secrets.ts';

/** Credentials whose secrets are read when the first request needs them, and then kept only inside the closure that signs requests. */
export function createCredentials(environment: EnvironmentVariables): CredentialSource {
  return {
    ofOrg: (org) => ofSource(org, environment),
    ofToken: (token) => header('ssws', async () => `SSWS ${token}`),
    ofDocument: (provider, auth) => ofDocument(provider, auth, environment),
  };
}

function ofSource(org: OrgConfig, environment: EnvironmentVariables): Credential {
  const { secret } = org;
  if (secret === undefined) {
    throw new OrgqlError('missing_credential', `The org ${org.name} has no credential`, {
      detail: `It is defined in ${org.origin}`,
      hint: 'add token_env: NAME to it, and set that variable',
    });
  }
  return secret.kind === 'oauth' ? unsupportedOauth(org.name) : ofPlain(org, secret, environment);
}

function ofPlain(org: OrgConfig, secret: PlainSource, environment: EnvironmentVariables): Credential {
  const isBearer = secret.kind === 'bearer' || org.provider.toLowerCase() !== 'okta';
  const read = once(() => readSecret(secret, org.name, environment));
  return header(isBearer ? 'bearer' : 'ssws', async () => `${isBearer ? 'Bearer' : 'SSWS'} ${await read()}`);
}

function ofDocument(provider: string, auth: AuthConfig | undefined, environment: EnvironmentVariables): Credential {
  if (auth === undefined || auth.type === 'null_auth') return { kind: 'none', authorize: async () => ({ headers: {} }) };
  const variable = auth.credentialsEnvVar;
  const secret: SecretSource = variable === undefined ? { kind: 'literal', value: '' } : { kind: 'env', variable };
  const read = once(() => readSecret(secret, provider, environment));
  const prefix = auth.type === 'bearer' ? 'Bearer ' : (auth.valuePrefix ?? '');
  return header('header', async () => `${prefix}${await read()}`);
}

function header(kind: Credential['kind'], value: () => Promise<string>): Credential {
  return { kind, authorize: async () => ({ headers: { authorization: await value() } }) };
}

function unsupportedOauth(org: string): Credential {
  throw new OrgqlError('missing_credential', `The org ${org} signs in by OAuth, which is not wired up yet`);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    made.catch(() => {
      made = undefined;
    });
    return made;
  };
}

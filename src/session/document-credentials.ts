import type { AuthConfig, Json } from '../catalog/types.ts';
import type { CredentialSpec, OAuthSpec, Secret } from '../http/credentials/spec.ts';
import { OrgqlError } from '../util/errors.ts';
import { type EnvironmentVariables, readSecret } from './secrets.ts';

/**
 * What a provider document says about signing in (`config.auth`), with its secret from where the document says, or from `given`.
 * Throws `missing_credential` for schemes that need a cloud's own tooling.
 */
export function documentSpec(
  provider: string,
  auth: AuthConfig | undefined,
  environment: EnvironmentVariables,
  given?: Secret,
): CredentialSpec {
  if (auth === undefined) return given === undefined ? { kind: 'none' } : { kind: 'bearer', token: given };
  return specOf(provider, auth.raw, environment, given);
}

type Fields = Readonly<Record<string, Json>>;

function specOf(provider: string, raw: Fields, environment: EnvironmentVariables, given: Secret | undefined): CredentialSpec {
  const type = text(raw, 'type') ?? '';
  const prefix = text(raw, 'valuePrefix');
  const secret = given ?? documentSecret(provider, raw, environment);
  switch (type) {
    case 'null_auth':
    case '':
      return given === undefined ? { kind: 'none' } : { kind: 'bearer', token: given };
    case 'bearer':
      return { kind: 'bearer', token: secret };
    case 'api_key':
      return { kind: 'header', name: 'authorization', value: secret, prefix: prefix === undefined || prefix === '' ? 'api_key ' : prefix };
    case 'basic':
      return basic(provider, raw, environment, given, prefix);
    case 'custom':
      return custom(provider, raw, environment, secret);
    case 'oauth2':
      return { kind: 'oauth', ...oauth(provider, raw, environment, given) };
    default:
      // A token had by other means (a cloud's command line) works everywhere.
      if (given !== undefined) return { kind: 'bearer', token: given };
      throw new OrgqlError('missing_credential', `${provider} signs in by ${type}, which orgql does not speak`, {
        hint: `configure an org of provider ${provider} with a token of its own: token_env, token: file:PATH, or command`,
      });
  }
}

function basic(
  provider: string,
  raw: Fields,
  environment: EnvironmentVariables,
  given: Secret | undefined,
  prefix: string | undefined,
): CredentialSpec {
  const scheme = prefix === undefined || prefix === '' ? {} : { prefix };
  const username = text(raw, 'username_var') ?? text(raw, 'api_key_var');
  const password = text(raw, 'password_var') ?? text(raw, 'api_secret_var');
  if (given === undefined && username !== undefined && password !== undefined) {
    return {
      kind: 'basic',
      username: variable(provider, username, environment),
      password: variable(provider, password, environment),
      ...scheme,
    };
  }
  const secret = given ?? documentSecret(provider, raw, environment);
  // One text: `user:password`, or the pair as it travels.
  const encoded = async (): Promise<string> => {
    const value = typeof secret === 'string' ? secret : await secret();
    return value.includes(':') ? Buffer.from(value).toString('base64') : value;
  };
  return { kind: 'header', name: 'authorization', value: encoded, prefix: prefix === undefined || prefix === '' ? 'Basic ' : prefix };
}

function custom(provider: string, raw: Fields, environment: EnvironmentVariables, secret: Secret): CredentialSpec {
  const name = text(raw, 'name') ?? 'Authorization';
  const own: CredentialSpec =
    text(raw, 'location') === 'query' ? { kind: 'query', name, value: secret } : { kind: 'header', name, value: secret };
  const next = raw.successor;
  if (typeof next !== 'object' || next === null || Array.isArray(next)) return own;
  return { kind: 'all', of: [own, specOf(provider, next as Fields, environment, undefined)] };
}

function oauth(provider: string, raw: Fields, environment: EnvironmentVariables, given: Secret | undefined): OAuthSpec {
  const idVariable = text(raw, 'client_id_env_var');
  const secretVariable = text(raw, 'client_secret_env_var');
  const clientId = text(raw, 'client_id') ?? (idVariable === undefined ? undefined : environment[idVariable]);
  const inline = text(raw, 'client_secret');
  if (clientId === undefined || clientId === '')
    throw missing(
      provider,
      idVariable === undefined ? 'its document names no client id' : `the environment variable ${idVariable} is not set`,
    );
  const values = raw.values;
  return {
    // `{{ .__env__NAME }}` stands for a variable.
    tokenUrl: (text(raw, 'token_url') ?? '').replace(/\{\{\s*\.__env__(\w+)\s*\}\}/g, (_, name: string) => environment[name] ?? ''),
    clientId,
    scopes: Array.isArray(raw.scopes) ? raw.scopes.filter((scope): scope is string => typeof scope === 'string') : [],
    client: {
      kind: 'client_secret',
      secret: given ?? (secretVariable === undefined ? (inline ?? '') : variable(provider, secretVariable, environment)),
      style: text(raw, 'auth_style') === 'params' || raw.auth_style === 1 ? 'body' : 'header',
    },
    dpop: 'never',
    ...(typeof values === 'object' && values !== null && !Array.isArray(values)
      ? { fields: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)])) }
      : {}),
  };
}

/** Where a document says that its secret is: a variable, a file that a variable names, a file, or the document itself. */
function documentSecret(provider: string, raw: Fields, environment: EnvironmentVariables): Secret {
  const name = text(raw, 'credentialsenvvar') ?? text(raw, 'api_key_var');
  if (name !== undefined) return variable(provider, name, environment);
  const pathVariable = text(raw, 'credentialsfilepathenvvar');
  const path = pathVariable === undefined ? text(raw, 'credentialsfilepath') : environment[pathVariable];
  if (path !== undefined) return () => readSecret({ kind: 'file', path }, provider, environment);
  return () =>
    Promise.reject(
      missing(
        provider,
        pathVariable === undefined ? 'its document does not say where it is' : `the environment variable ${pathVariable} is not set`,
      ),
    );
}

function variable(provider: string, name: string, environment: EnvironmentVariables): Secret {
  return () => readSecret({ kind: 'env', variable: name }, provider, environment);
}

function missing(provider: string, why: string): OrgqlError {
  return new OrgqlError('missing_credential', `${provider} has no credential: ${why}`, {
    hint: `configure an org of provider ${provider}, with token_env, token or command`,
  });
}

/** A field of the document, whatever the case of its key. */
function text(raw: Fields, key: string): string | undefined {
  const found = raw[key] ?? Object.entries(raw).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
  return typeof found === 'string' ? found : undefined;
}

import type { SecretSource } from '../session-types.ts';
import { OrgqlError } from '../util/errors.ts';
import { isObject } from './yaml-file.ts';

/** What StackQL's `--auth` says about one provider. */
export interface StackqlAuth {
  readonly provider: string;
  readonly secret: SecretSource | undefined;
}

/**
 * Reads StackQL's `--auth`: a JSON object by provider, such as `{"okta": {"type": "api_key", "valuePrefix": "SSWS ", "credentialsenvvar": "OKTA_API_TOKEN"}}`.
 * A secret that stands in it is refused: other users of the machine could read it in the list of processes.
 */
export function readStackqlAuth(text: string): StackqlAuth[] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new OrgqlError('usage', '--auth is no JSON', {
      detail: (cause as Error).message,
      hint: 'write  --auth \'{"okta": {"type": "api_key", "credentialsenvvar": "OKTA_API_TOKEN"}}\'',
      cause,
    });
  }
  if (!isObject(content)) throw new OrgqlError('usage', '--auth must be a JSON object by provider');
  return Object.entries(content).map(([provider, entry]) => {
    if (!isObject(entry)) throw new OrgqlError('usage', `--auth: "${provider}" must be an object`);
    for (const key of ['api_key', 'apikey', 'token', 'password', 'credentials', 'client_secret']) {
      if (typeof entry[key] === 'string') {
        throw new OrgqlError('usage', `--auth: the secret of "${provider}" stands in the command line`, {
          detail: 'other users of this machine can read it in the list of processes',
          hint: 'put it into an environment variable and name that: credentialsenvvar',
        });
      }
    }
    return { provider, secret: secretOf(entry) };
  });
}

function secretOf(entry: Readonly<Record<string, unknown>>): SecretSource | undefined {
  const variable = entry.credentialsenvvar ?? entry.keyIDenvvar;
  const path = entry.credentialsfilepath;
  const source: SecretSource | undefined =
    typeof variable === 'string' ? { kind: 'env', variable } : typeof path === 'string' ? { kind: 'file', path } : undefined;
  if (source === undefined) return undefined;
  const isBearer = entry.type === 'bearer' || (typeof entry.valuePrefix === 'string' && /^bearer\s*$/i.test(entry.valuePrefix));
  return isBearer ? { kind: 'bearer', token: source } : source;
}

import type { AuthConfig } from '../catalog/types.ts';
import { type CredentialOptions, createCredential } from '../http/credentials/credential.ts';
import type { CredentialSpec } from '../http/credentials/spec.ts';
import type { Credential } from '../http/types.ts';
import type { OrgConfig } from '../session-types.ts';
import { OrgqlError } from '../util/errors.ts';
import { documentSpec } from './document-credentials.ts';
import type { CredentialSource } from './org-directory.ts';
import { type EnvironmentVariables, readSecret } from './secrets.ts';

export interface CredentialContext extends Omit<CredentialOptions, 'origin'> {
  readonly environment: EnvironmentVariables;
}

/** Credentials whose secrets are read when the first request needs them; each is bound to the origin of its org. */
export function createCredentials(context: CredentialContext): CredentialSource {
  const make = (spec: CredentialSpec, url: string | undefined): Credential =>
    createCredential(spec, { ...context, ...(url === undefined ? {} : { origin: new URL(url).origin }) });
  return {
    ofOrg: (org, auth) => make(orgSpec(org, auth, context.environment), org.orgUrl),
    ofToken: (token, url) => make({ kind: 'ssws', token }, url),
    ofDocument: (provider, auth) => make(documentSpec(provider, auth, context.environment), undefined),
  };
}

function orgSpec(org: OrgConfig, auth: AuthConfig | undefined, environment: EnvironmentVariables): CredentialSpec {
  const { secret, name } = org;
  const isOkta = org.provider.toLowerCase() === 'okta';
  if (secret === undefined) {
    // Another provider's document names where its secret is.
    if (!isOkta) return documentSpec(org.provider, auth, environment);
    throw new OrgqlError('missing_credential', `The org ${name} has no credential`, {
      detail: `It is defined in ${org.origin}`,
      hint: `add  token_env: NAME  to it and set that variable, or  token: file:PATH`,
    });
  }
  if (secret.kind === 'oauth') {
    if (org.orgUrl === undefined)
      throw new OrgqlError('invalid_config', `The org ${name} signs in by OAuth and has no org_url`, { hint: 'add org_url to it' });
    const key = secret.privateKey;
    if (key.kind === 'oauth') throw new OrgqlError('invalid_config', `The private key of the org ${name} cannot come from OAuth`);
    return {
      kind: 'oauth',
      tokenUrl: `${new URL(org.orgUrl).origin}/oauth2/v1/token`,
      clientId: secret.clientId,
      scopes: secret.scopes,
      client: {
        kind: 'private_key_jwt',
        privateKey: () => readSecret(key, name, environment),
        ...(secret.keyId === undefined ? {} : { keyId: secret.keyId }),
      },
      dpop: secret.dpop ? 'always' : 'auto',
    };
  }
  const token = (): Promise<string> => readSecret(secret, name, environment);
  if (secret.kind === 'bearer') return { kind: 'bearer', token };
  return isOkta ? { kind: 'ssws', token } : documentSpec(org.provider, auth, environment, token);
}

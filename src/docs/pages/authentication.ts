import type { ProviderFacts } from '../facts.ts';
import type { Block } from '../model/page.ts';
import { code, copyable } from '../model/text.ts';

const SCHEMES: Readonly<Record<string, string>> = {
  api_key: 'an API key or token, sent in a header',
  basic: 'a user name and a password (HTTP basic authentication)',
  bearer: 'a bearer token',
  custom: 'a token in a header of its own',
  oauth2: 'OAuth 2.0 access tokens, fetched with client credentials',
  service_account: 'a service account',
  interactive: 'an interactive sign-in',
  aws_signing_v4: 'requests signed with AWS keys (Signature Version 4)',
  azure_default: 'the credentials of the Azure command line or environment',
  null_auth: 'nothing: its API is open',
  none: 'nothing: its API is open',
};

/** What the provider's document says of credentials: the scheme, and the environment variables that hold them. */
export function authentication({ name, auth }: ProviderFacts): readonly Block[] {
  const heading: Block = { kind: 'heading', level: 2, id: 'authentication', content: ['Authentication'] };
  if (auth === undefined)
    return [heading, { kind: 'paragraph', content: ['The document names no scheme; calls are sent without a credential.'] }];
  const variables = variablesOf(auth);
  return [
    heading,
    {
      kind: 'paragraph',
      content: ['Scheme ', code(auth.type), ': ', SCHEMES[auth.type] ?? 'as the document of the provider describes it', '.'],
    },
    ...(variables.length === 0
      ? []
      : [
          {
            kind: 'table' as const,
            label: 'Environment variables',
            columns: ['Environment variable', 'Holds'],
            rows: variables.map(([key, variable]) => [[copyable(variable)], [HOLDS[key.replace(/_/g, '').toLowerCase()] ?? key]]),
          },
          { kind: 'code' as const, language: 'sh', text: variables.map(([, variable]) => `export ${variable}=...`).join('\n') },
        ]),
    { kind: 'paragraph', content: ['Several accounts or orgs, each with its own credential, are named in ', code('orgql.yaml'), ':'] },
    { kind: 'code', language: 'yaml', text: orgYaml(name, variables[0]?.[1]) },
  ];
}

const HOLDS: Readonly<Record<string, string>> = {
  credentialsenvvar: 'the credential',
  usernamevar: 'the user name',
  passwordvar: 'the password',
  keyidenvvar: "the key's ID",
  clientidenvvar: "the client's ID",
  clientsecretenvvar: "the client's secret",
};

type AuthRaw = NonNullable<ProviderFacts['auth']>;

function variablesOf(auth: AuthRaw): readonly (readonly [string, string])[] {
  const found = Object.entries(auth.raw).flatMap(([key, value]) =>
    /env_?var$|_var$/i.test(key) && typeof value === 'string' && /^\w+$/.test(value) ? [[key, value] as const] : [],
  );
  return found.length === 0 && auth.credentialsEnvVar !== undefined ? [['credentialsenvvar', auth.credentialsEnvVar]] : found;
}

function orgYaml(name: string, variable: string | undefined): string {
  return `default_org: acme\norgs:\n  acme:\n    provider: ${name}\n    token_env: ${variable ?? 'ACME_TOKEN'}`;
}

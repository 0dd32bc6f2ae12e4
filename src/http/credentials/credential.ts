import { OrgqlError } from '../../util/errors.ts';
import { isLoopback } from '../transport/origin.ts';
import type { ProxySettings } from '../transport/transport.ts';
import type { Authorization, Clock, Credential } from '../types.ts';
import { createOAuthCredential } from './oauth.ts';
import type { CredentialSpec, Secret } from './spec.ts';

export interface CredentialOptions {
  readonly clock: Clock;
  readonly userAgent: string;
  readonly proxy?: ProxySettings;
  /** Scheme, host and port that it belongs to: `authorize` refuses every other with `insecure_origin`. */
  readonly origin?: string;
}

/**
 * Makes a credential. Secrets are fetched at first use and kept in memory only. `authorize` throws `missing_credential` for an empty
 * secret, `authentication_failed` where a token server refuses, `insecure_origin`.
 */
export function createCredential(spec: CredentialSpec, options: CredentialOptions): Credential {
  const inner = build(spec, options);
  const own = options.origin === undefined ? undefined : new URL(options.origin).origin;
  /** The origin that was found to be in order last: there are thousands of requests to one. */
  let trusted: string | undefined;
  return {
    ...inner,
    authorize: (request) => {
      const { url } = request;
      if (url.origin === trusted) return inner.authorize(request);
      const isStrange = own !== undefined && url.origin !== own;
      const isPlain = url.protocol !== 'https:' && !isLoopback(url.hostname);
      if (spec.kind !== 'none' && (isStrange || isPlain)) {
        const error = new OrgqlError('insecure_origin', `The credential does not go to ${url.origin}`, {
          detail: isStrange ? `It belongs to ${options.origin}.` : 'The connection would not be encrypted.',
          hint: 'Check the address (org_url) of the org.',
        });
        return Promise.reject(error);
      }
      trusted = url.origin;
      return inner.authorize(request);
    },
  };
}

function build(spec: CredentialSpec, options: CredentialOptions): Credential {
  switch (spec.kind) {
    case 'none':
      return { kind: 'none', authorize: async () => ({ headers: {} }) };
    case 'ssws':
      return header('ssws', 'authorization', prefixed('SSWS ', spec.token));
    case 'bearer':
      return header('bearer', 'authorization', prefixed('Bearer ', spec.token));
    case 'basic': {
      const pair = once(async () => {
        const [username, password] = [await reveal(spec.username), await read(spec.password)];
        return `${spec.prefix ?? 'Basic '}${Buffer.from(`${username}:${password}`).toString('base64')}`;
      });
      return header('basic', 'authorization', pair);
    }
    case 'header':
      return header('header', spec.name.toLowerCase(), prefixed(spec.prefix ?? '', spec.value));
    case 'query': {
      const value = once(() => reveal(spec.value));
      return { kind: 'query', authorize: async () => ({ headers: {}, query: { [spec.name]: await value() } }) };
    }
    case 'oauth':
      return createOAuthCredential(spec, { ...options, reveal });
    case 'all':
      return combined(spec.of.map((one) => build(one, options)));
  }
}

function header(kind: Credential['kind'], name: string, value: () => Promise<string>): Credential {
  // The same for every request, unless the value could not be had.
  let known: Authorization | undefined;
  const learn = async (): Promise<Authorization> => {
    known = { headers: { [name]: await value() } };
    return known;
  };
  return { kind, authorize: () => known ?? learn() };
}

// A token pasted together with its scheme is taken as it was meant.
function prefixed(prefix: string, secret: Secret): () => Promise<string> {
  return once(async () => {
    const text = await reveal(secret);
    return prefix !== '' && text.toLowerCase().startsWith(prefix.toLowerCase()) ? text : `${prefix}${text}`;
  });
}

function combined(credentials: readonly Credential[]): Credential {
  const first = credentials.find((one) => one.kind !== 'none');
  const renewable = credentials.filter((one) => one.renew !== undefined);
  return {
    kind: first?.kind ?? 'none',
    authorize: async (request) => {
      const all: Authorization[] = await Promise.all(credentials.map((one) => one.authorize(request)));
      return {
        headers: Object.assign({}, ...all.map((one) => one.headers)),
        query: Object.assign({}, ...all.map((one) => one.query ?? {})),
      };
    },
    ...(renewable.length === 0 ? {} : { renew: async () => (await Promise.all(renewable.map((one) => one.renew?.()))).includes(true) }),
  };
}

/** The secret, without blanks around it (files end in a newline); never empty, never anything that breaks a header. */
async function reveal(secret: Secret): Promise<string> {
  const text = (await read(secret)).trim();
  if (text === '')
    throw new OrgqlError('missing_credential', 'The credential is empty', {
      hint: 'Set the environment variable, file or command that the configuration names.',
    });
  if (!text.includes('PRIVATE KEY') && !text.startsWith('{') && /[^\x20-\x7e]/.test(text)) {
    throw new OrgqlError('missing_credential', 'The credential holds characters that no token has', {
      hint: 'It may have been pasted with line breaks or quotation marks.',
    });
  }
  return text;
}

function read(secret: Secret): Promise<string> {
  return typeof secret === 'string' ? Promise.resolve(secret) : secret();
}

// A failed attempt is forgotten, so that the next one may succeed.
function once(make: () => Promise<string>): () => Promise<string> {
  let made: Promise<string> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

import { OrgqlError } from '../../util/errors.ts';
import { DEFAULT_HTTP_LIMITS } from '../limits.ts';
import { readFault } from '../response/error-body.ts';
import { backoffMs, isTransientStatus } from '../retry.ts';
import { failureError } from '../transport/failure.ts';
import { isLoopback } from '../transport/origin.ts';
import { createTransport, type Transport } from '../transport/transport.ts';
import type { Credential } from '../types.ts';
import { clientAssertion } from './client-assertion.ts';
import type { CredentialOptions } from './credential.ts';
import { createProver, type Prover } from './dpop.ts';
import type { OAuthSpec, Secret } from './spec.ts';

interface Token {
  readonly value: string;
  readonly isBound: boolean;
  readonly obtainedAt: number;
  /** From here on a new one is fetched. */
  readonly staleAt: number;
}

interface TokenReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

const TOKEN_TIMEOUT_MS = 30_000;
const MAX_ATTEMPTS = 4;
/** A token is renewed this long before its end, or at nine tenths of a short life. */
const RENEW_BEFORE_MS = 60_000;
/** A token younger than this that was refused is refused for another reason than its age. */
const YOUNG_MS = 5_000;

/** OAuth client credentials: one token, fetched when needed, shared by all requests, renewed before its end. */
export function createOAuthCredential(
  spec: OAuthSpec,
  options: CredentialOptions & { readonly reveal: (secret: Secret) => Promise<string> },
): Credential {
  const { clock } = options;
  const url = new URL(spec.tokenUrl);
  let transport: Transport | undefined;
  let prover: Prover | undefined;
  let usesDpop = spec.dpop === 'always';
  let nonce: string | undefined;
  let token: Token | undefined;
  let fetching: Promise<Token> | undefined;

  const proof = async (request: Parameters<Prover['prove']>[0]): Promise<string> => {
    prover ??= await createProver(clock);
    return prover.prove(request);
  };

  const ask = async (): Promise<TokenReply> => {
    const { headers, fields } = await clientFields(spec, options);
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      ...(spec.scopes.length === 0 ? {} : { scope: spec.scopes.join(' ') }),
      ...spec.fields,
      ...fields,
    });
    const body = Buffer.from(form.toString());
    transport ??= createTransport({ limits: DEFAULT_HTTP_LIMITS, proxy: options.proxy ?? {}, now: clock.now });
    const outcome = await transport.send(
      {
        verb: 'POST',
        url,
        headers: {
          'user-agent': options.userAgent,
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': String(body.byteLength),
          ...headers,
          ...(usesDpop ? { dpop: await proof({ verb: 'POST', url, ...(nonce === undefined ? {} : { nonce }) }) } : {}),
        },
        body,
      },
      { timeoutMs: TOKEN_TIMEOUT_MS },
    );
    if (outcome.kind === 'aborted') throw new OrgqlError('cancelled', 'The token request was cancelled');
    if (outcome.kind === 'failed') throw failureError(outcome.failure, url, 1);
    const content = await outcome.answer.body;
    if (content.kind === 'failed') throw failureError(content.failure, url, 1);
    nonce = outcome.answer.headers['dpop-nonce'] ?? nonce;
    return { status: outcome.answer.status, headers: outcome.answer.headers, bytes: content.bytes };
  };

  const obtain = async (): Promise<Token> => {
    if (url.protocol !== 'https:' && !isLoopback(url.hostname))
      throw new OrgqlError('insecure_origin', `The token server ${url.origin} is not encrypted`, { hint: 'Use https.' });
    for (let attempt = 1; ; attempt++) {
      const reply = await ask();
      if (reply.status === 200) return readToken(reply, clock.now());
      const fault = readFault(reply.status, reply.headers, reply.bytes);
      if (attempt >= MAX_ATTEMPTS) throw refused(spec, fault.status, fault);
      if (fault.errorCode === 'use_dpop_nonce' && spec.dpop !== 'never') usesDpop = true;
      else if (fault.errorCode === 'invalid_dpop_proof' && !usesDpop && spec.dpop !== 'never') usesDpop = true;
      else if (reply.status === 429 || isTransientStatus(reply.status)) await clock.sleep(retryDelay(reply, attempt));
      else throw refused(spec, fault.status, fault);
    }
  };

  const current = async (): Promise<Token> => {
    if (token !== undefined && clock.now() < token.staleAt) return token;
    fetching ??= obtain().finally(() => {
      fetching = undefined;
    });
    token = await fetching;
    return token;
  };

  return {
    kind: 'oauth',
    authorize: async (request) => {
      const { value, isBound } = await current();
      if (!isBound) return { headers: { authorization: `Bearer ${value}` } };
      const dpop = await proof({
        verb: request.verb,
        url: request.url,
        accessToken: value,
        ...(request.nonce === undefined ? {} : { nonce: request.nonce }),
      });
      return { headers: { authorization: `DPoP ${value}`, dpop } };
    },
    renew: async () => {
      if (token !== undefined && clock.now() - token.obtainedAt < YOUNG_MS) return false;
      token = undefined;
      return true;
    },
  };
}

async function clientFields(
  spec: OAuthSpec,
  options: CredentialOptions & { readonly reveal: (secret: Secret) => Promise<string> },
): Promise<{ readonly headers: Readonly<Record<string, string>>; readonly fields: Readonly<Record<string, string>> }> {
  const { client, clientId } = spec;
  if (client.kind === 'private_key_jwt') {
    const key = await options.reveal(client.privateKey);
    const assertion = await clientAssertion({
      key,
      clientId,
      audience: spec.tokenUrl,
      now: options.clock.now(),
      keyId: client.keyId,
      algorithm: client.algorithm,
    });
    return {
      headers: {},
      fields: { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: assertion },
    };
  }
  const secret = await options.reveal(client.secret);
  if (client.style === 'body') return { headers: {}, fields: { client_id: clientId, client_secret: secret } };
  // RFC 6749 §2.3.1: both parts are form-encoded first.
  return {
    headers: { authorization: `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`).toString('base64')}` },
    fields: {},
  };
}

function readToken(reply: TokenReply, now: number): Token {
  let parsed: { readonly access_token?: unknown; readonly token_type?: unknown; readonly expires_in?: unknown } = {};
  try {
    parsed = JSON.parse(Buffer.from(reply.bytes).toString());
  } catch {
    // Said below, without the text: a token might stand in it.
  }
  if (typeof parsed.access_token !== 'string' || parsed.access_token === '')
    throw new OrgqlError('invalid_response', 'The token server answered without a token', { hint: 'Check the token address of the org.' });
  const lifeMs = Number(parsed.expires_in ?? 3600) * 1000;
  return {
    value: parsed.access_token,
    isBound: String(parsed.token_type).toLowerCase() === 'dpop',
    obtainedAt: now,
    staleAt: now + Math.max(lifeMs - RENEW_BEFORE_MS, Math.min(lifeMs, RENEW_BEFORE_MS) * 0.9),
  };
}

function refused(spec: OAuthSpec, status: number, fault: ReturnType<typeof readFault>): OrgqlError {
  const code = status === 429 ? 'rate_limited' : status >= 500 ? 'api_error' : 'authentication_failed';
  return new OrgqlError(
    code,
    `The token server refused the client ${spec.clientId}: ${fault.summary ?? fault.errorCode ?? `status ${status}`}`,
    {
      ...(fault.errorCode === undefined ? {} : { detail: `${fault.errorCode} (status ${status}) from ${new URL(spec.tokenUrl).origin}` }),
      hint:
        fault.errorCode === 'invalid_scope'
          ? `Grant the scopes to the app, or ask for fewer: ${spec.scopes.join(' ')}.`
          : 'Check client id, private key and key id, and that the app is active and holds an admin role.',
      api: fault,
    },
  );
}

function retryDelay(reply: TokenReply, attempt: number): number {
  const seconds = Number(reply.headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : backoffMs(attempt + 1, () => 1);
}

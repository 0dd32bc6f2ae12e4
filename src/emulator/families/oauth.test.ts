import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createEmulator } from '../emulator.ts';
import type { Emulator } from '../types.ts';

const NOW = '2026-03-01T12:00:00Z';
const SECONDS = Date.parse(NOW) / 1000;
const ORIGIN = 'https://demo.okta.com';
const TOKEN_URL = `${ORIGIN}/oauth2/v1/token`;

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: ReadonlyMap<string, string>;
}

async function send(emulator: Emulator, method: string, path: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await emulator.handle({
    method,
    url: `${ORIGIN}${path}`,
    headers: { 'content-length': String(text.length), ...headers },
    ...(method === 'GET' ? {} : { body: text }),
  });
  const answer = Buffer.from(response.body).toString('utf8');
  return { status: response.status, body: answer === '' ? {} : JSON.parse(answer), headers: new Map(response.headers) };
}

function jwt(header: object, payload: object, key: KeyObject): string {
  const signed = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const { asymmetricKeyType } = key;
  const signature = sign('sha256', Buffer.from(signed), asymmetricKeyType === 'ec' ? { key, dsaEncoding: 'ieee-p1363' } : key);
  return `${signed}.${signature.toString('base64url')}`;
}

async function serviceApp(isBound: boolean, scopes: readonly string[]) {
  const emulator = createEmulator({ now: NOW });
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const admin = { authorization: `SSWS ${emulator.token}`, 'content-type': 'application/json' };
  const app = await send(
    emulator,
    'POST',
    '/api/v1/apps',
    {
      name: 'oidc_client',
      label: 'Robot',
      signOnMode: 'OPENID_CONNECT',
      credentials: { oauthClient: { token_endpoint_auth_method: 'private_key_jwt' } },
      settings: {
        oauthClient: {
          application_type: 'service',
          grant_types: ['client_credentials'],
          dpop_bound_access_tokens: isBound,
          jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig' }] },
        },
      },
    },
    admin,
  );
  const id = String(app.body.id);
  for (const scopeId of scopes) await send(emulator, 'POST', `/api/v1/apps/${id}/grants`, { issuer: ORIGIN, scopeId }, admin);
  const assertion = (changes: object = {}, key = privateKey): string =>
    jwt({ alg: 'ES256', kid: 'k1' }, { iss: id, sub: id, aud: TOKEN_URL, exp: SECONDS + 300, jti: randomUUID(), ...changes }, key);
  const token = (scope: string, clientAssertion: string, dpop?: string): Promise<Answer> =>
    send(
      emulator,
      'POST',
      '/oauth2/v1/token',
      new URLSearchParams({
        grant_type: 'client_credentials',
        scope,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: clientAssertion,
      }).toString(),
      { 'content-type': 'application/x-www-form-urlencoded', ...(dpop === undefined ? {} : { dpop }) },
    );
  return { emulator, id, assertion, token };
}

function proofs() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return (method: string, url: string, more: object = {}): string =>
    jwt(
      { typ: 'dpop+jwt', alg: 'ES256', jwk: publicKey.export({ format: 'jwk' }) },
      { htm: method, htu: url, iat: SECONDS, jti: randomUUID(), ...more },
      privateKey,
    );
}

describe('the token endpoint', () => {
  test('gives a bearer token for the scopes that were granted, and the API holds the client to them', async () => {
    const { emulator, assertion, token } = await serviceApp(false, ['okta.users.read']);
    const answer = await token('okta.users.read okta.groups.read', assertion());
    expect({ ...answer.body, access_token: 'x' }).toEqual({
      token_type: 'Bearer',
      expires_in: 3600,
      access_token: 'x',
      scope: 'okta.users.read',
    });
    const bearer = { authorization: `Bearer ${String(answer.body.access_token)}` };
    expect((await send(emulator, 'GET', '/api/v1/users', '', bearer)).status).toBe(200);
    const refused = await send(emulator, 'GET', '/api/v1/groups', '', bearer);
    expect([refused.status, refused.body.errorCode]).toEqual([403, 'E0000006']);
    expect(refused.headers.get('www-authenticate')).toContain('scope="okta.groups.read"');
    expect((await send(emulator, 'DELETE', '/api/v1/users/none', '', bearer)).status).toBe(403);
  });

  test('refuses a wrong audience, an expired or replayed assertion, another key and a scope that was not granted', async () => {
    const { assertion, token } = await serviceApp(false, ['okta.users.read']);
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const once = assertion();
    await token('okta.users.read', once);
    const answers = [
      await token('okta.users.read', assertion({ aud: 'https://other.okta.com/oauth2/v1/token' })),
      await token('okta.users.read', assertion({ exp: SECONDS - 1 })),
      await token('okta.users.read', assertion({ exp: SECONDS + 7200 })),
      await token('okta.users.read', assertion({}, stranger)),
      await token('okta.users.read', once),
      await token('okta.groups.read', assertion()),
      await token('openid', assertion()),
      await token('okta.users.read', 'no token'),
    ];
    expect(answers.map(({ status, body }) => [status, body.error])).toEqual([
      [401, 'invalid_client'],
      [401, 'invalid_client'],
      [401, 'invalid_client'],
      [401, 'invalid_client'],
      [401, 'invalid_client'],
      [400, 'consent_required'],
      [400, 'invalid_scope'],
      [401, 'invalid_client'],
    ]);
  });

  test('binds a token to a key by proofs: missing, without nonce, with it, and then at the API', async () => {
    const { emulator, assertion, token } = await serviceApp(true, ['okta.users.read']);
    const proof = proofs();
    const missing = await token('okta.users.read', assertion());
    expect([missing.status, missing.body]).toEqual([
      400,
      { error: 'invalid_dpop_proof', error_description: 'The DPoP proof JWT header is missing.' },
    ]);
    const first = await token('okta.users.read', assertion(), proof('POST', TOKEN_URL));
    expect([first.status, first.body]).toEqual([
      400,
      { error: 'use_dpop_nonce', error_description: 'Authorization server requires nonce in DPoP proof.' },
    ]);
    const answer = await token('okta.users.read', assertion(), proof('POST', TOKEN_URL, { nonce: first.headers.get('dpop-nonce') }));
    expect([answer.status, answer.body.token_type]).toEqual([200, 'DPoP']);
    const accessToken = String(answer.body.access_token);
    const ath = createHash('sha256').update(accessToken).digest('base64url');
    const call = async (authorization: string, dpop?: string): Promise<number> =>
      (await send(emulator, 'GET', '/api/v1/users?limit=1', '', { authorization, ...(dpop === undefined ? {} : { dpop }) })).status;
    const url = `${ORIGIN}/api/v1/users`;
    const good = proof('GET', url, { ath });
    expect(await call(`DPoP ${accessToken}`, good)).toBe(200);
    expect(await call(`DPoP ${accessToken}`, good)).toBe(400);
    expect(await call(`DPoP ${accessToken}`)).toBe(400);
    expect(await call(`Bearer ${accessToken}`)).toBe(400);
    expect(await call(`DPoP ${accessToken}`, proof('GET', url))).toBe(400);
    expect(await call(`DPoP ${accessToken}`, proof('POST', url, { ath }))).toBe(400);
    expect(await call(`DPoP ${accessToken}`, proofs()('GET', url, { ath }))).toBe(400);
  });
});

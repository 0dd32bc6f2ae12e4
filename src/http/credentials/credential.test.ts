import { createHash, generateKeyPairSync } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, importJWK, importSPKI, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { call, client, instantClock, org, readAll } from '../testing/calls.ts';
import { type FakeAnswer, type FakeApi, sendJson, startFakeApi } from '../testing/fake-api.ts';
import type { Authorization } from '../types.ts';
import { createCredential } from './credential.ts';
import type { CredentialSpec, OAuthSpec } from './spec.ts';

const clock = instantClock();
const options = { clock, userAgent: 'orgql/test' };
const target = { verb: 'GET', url: new URL('https://acme.okta.com/api/v1/users?x=1') };
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

let api: FakeApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

const failure = (authorizing: Authorization | Promise<Authorization>): Promise<unknown> =>
  Promise.resolve(authorizing).catch((error: unknown) => error);

describe('a credential', () => {
  it.each<[CredentialSpec, unknown]>([
    [{ kind: 'none' }, { headers: {} }],
    [{ kind: 'ssws', token: 't\n' }, { headers: { authorization: 'SSWS t' } }],
    [{ kind: 'ssws', token: 'SSWS t' }, { headers: { authorization: 'SSWS t' } }],
    [{ kind: 'bearer', token: async () => 't' }, { headers: { authorization: 'Bearer t' } }],
    [{ kind: 'basic', username: 'u', password: '' }, { headers: { authorization: 'Basic dTo=' } }],
    [{ kind: 'header', name: 'X-Key', value: 'k' }, { headers: { 'x-key': 'k' } }],
    [{ kind: 'header', name: 'Authorization', value: 'k', prefix: 'sso-key ' }, { headers: { authorization: 'sso-key k' } }],
    [
      { kind: 'query', name: 'key', value: 'k' },
      { headers: {}, query: { key: 'k' } },
    ],
    [
      {
        kind: 'all',
        of: [
          { kind: 'header', name: 'a', value: '1' },
          { kind: 'header', name: 'b', value: '2' },
        ],
      },
      { headers: { a: '1', b: '2' }, query: {} },
    ],
  ])('%j authorizes as its kind says', async (spec, expected) => {
    expect(await createCredential(spec, options).authorize(target)).toEqual(expected);
  });

  it('goes to its own origin only, and never in the clear', async () => {
    const bound = createCredential({ kind: 'ssws', token: 's3cret' }, { ...options, origin: 'https://acme.okta.com' });
    const error = await failure(bound.authorize({ verb: 'GET', url: new URL('https://evil.example.com/') }));
    expect(error).toMatchObject({ code: 'insecure_origin' });
    expect(JSON.stringify(error)).not.toContain('s3cret');
    await expect(
      createCredential({ kind: 'ssws', token: 't' }, options).authorize({ verb: 'GET', url: new URL('http://acme.okta.com/') }),
    ).rejects.toMatchObject({ code: 'insecure_origin' });
  });

  it('that is empty or damaged is said to be missing', async () => {
    await expect(createCredential({ kind: 'ssws', token: ' ' }, options).authorize(target)).rejects.toMatchObject({
      code: 'missing_credential',
    });
    await expect(createCredential({ kind: 'ssws', token: 'a\nb' }, options).authorize(target)).rejects.toMatchObject({
      code: 'missing_credential',
    });
  });
});

describe('OAuth client credentials', () => {
  const serve = async (answer: FakeAnswer) => {
    api = await startFakeApi(answer);
    return api.origin;
  };
  const spec = (origin: string, more: Partial<OAuthSpec> = {}): CredentialSpec => ({
    kind: 'oauth',
    tokenUrl: `${origin}/oauth2/v1/token`,
    clientId: '0oa1',
    scopes: ['okta.users.read', 'okta.groups.read'],
    client: { kind: 'private_key_jwt', privateKey, keyId: 'k1' },
    ...more,
  });
  const form = (index: number) => new URLSearchParams(api?.seen[index]?.body);

  it('signs who it is with its private key, and asks once for all requests', async () => {
    const origin = await serve((_, response) => sendJson(response, { token_type: 'Bearer', expires_in: 3600, access_token: 'at' }));
    const credential = createCredential(spec(origin), options);
    const all = await Promise.all([credential.authorize(target), credential.authorize(target)]);
    expect(all).toEqual(Array(2).fill({ headers: { authorization: 'Bearer at' } }));
    expect(api?.seen.length).toBe(1);
    expect(form(0).get('scope')).toBe('okta.users.read okta.groups.read');
    const assertion = form(0).get('client_assertion') ?? '';
    const { payload, protectedHeader } = await jwtVerify(assertion, await importSPKI(publicKey, 'RS256'), {
      currentDate: new Date(clock.now()),
    });
    expect(protectedHeader).toEqual({ alg: 'RS256', kid: 'k1' });
    expect(payload).toMatchObject({ iss: '0oa1', sub: '0oa1', aud: `${origin}/oauth2/v1/token` });
  });

  it('takes a new token before the old one ends, and after it was refused', async () => {
    const own = instantClock();
    const origin = await serve((_, response, index) =>
      sendJson(response, { token_type: 'Bearer', expires_in: 3600, access_token: `at${index}` }),
    );
    const credential = createCredential(spec(origin, { client: { kind: 'client_secret', secret: 's' } }), { ...options, clock: own });
    await credential.authorize(target);
    await own.sleep(3_539_000);
    expect(await credential.authorize(target)).toEqual({ headers: { authorization: 'Bearer at0' } });
    await own.sleep(2_000);
    expect(await credential.authorize(target)).toEqual({ headers: { authorization: 'Bearer at1' } });
    expect(await credential.renew?.()).toBe(false);
    await own.sleep(6_000);
    expect(await credential.renew?.()).toBe(true);
    expect(await credential.authorize(target)).toEqual({ headers: { authorization: 'Bearer at2' } });
  });

  it('proves possession where the server asks for it, with the nonces of token server and API', async () => {
    const origin = await serve((request, response) => {
      const proof = typeof request.headers.dpop === 'string' ? request.headers.dpop : undefined;
      if (request.path === '/oauth2/v1/token') {
        if (proof === undefined)
          return sendJson(
            response,
            { error: 'invalid_dpop_proof', error_description: 'The DPoP proof JWT header is missing.' },
            { status: 400 },
          );
        if (decodeJwt(proof).nonce !== 'n1')
          return sendJson(
            response,
            { error: 'use_dpop_nonce', error_description: 'Authorization server requires nonce in DPoP proof.' },
            { status: 400, headers: { 'dpop-nonce': 'n1' } },
          );
        return sendJson(response, { token_type: 'DPoP', expires_in: 3600, access_token: 'at' });
      }
      if (proof === undefined || decodeJwt(proof).nonce !== 'n2')
        return sendJson(
          response,
          { error: 'use_dpop_nonce' },
          { status: 401, headers: { 'dpop-nonce': 'n2', 'www-authenticate': 'DPoP error="use_dpop_nonce"' } },
        );
      sendJson(response, [{ id: 'a' }]);
    });
    const http = client();
    const rows = await readAll(
      http.pages(call(origin, { org: org(origin, { credential: createCredential(spec(origin), options) }), parameters: {} })),
    );
    await http.close();
    expect(rows).toEqual([{ id: 'a' }]);
    const last = api?.seen.at(-1);
    expect(last?.headers.authorization).toBe('DPoP at');
    const proof = String(last?.headers.dpop);
    const { jwk, typ } = decodeProtectedHeader(proof);
    expect(typ).toBe('dpop+jwt');
    const { payload } = await jwtVerify(proof, await importJWK(jwk ?? {}, 'ES256'), { currentDate: new Date(clock.now()) });
    expect(payload).toMatchObject({
      htm: 'GET',
      htu: `${origin}/api/v1/users`,
      nonce: 'n2',
      ath: createHash('sha256').update('at').digest('base64url'),
    });
    expect(api?.seen.map(({ path }) => path)).toEqual([
      '/oauth2/v1/token',
      '/oauth2/v1/token',
      '/oauth2/v1/token',
      '/api/v1/users',
      '/api/v1/users',
    ]);
  });

  it('says what the token server said, and nothing secret', async () => {
    const origin = await serve((_, response) =>
      sendJson(response, { error: 'invalid_client', error_description: 'The client_assertion signature is invalid.' }, { status: 401 }),
    );
    const error = await failure(createCredential(spec(origin), options).authorize(target));
    expect(error).toMatchObject({
      code: 'authentication_failed',
      api: { status: 401, errorCode: 'invalid_client', summary: 'The client_assertion signature is invalid.' },
    });
    const broken = await failure(
      createCredential(
        spec(origin, {
          client: { kind: 'private_key_jwt', privateKey: '-----BEGIN PRIVATE KEY-----\nsecretsecret\n-----END PRIVATE KEY-----' },
        }),
        options,
      ).authorize(target),
    );
    expect(broken).toMatchObject({ code: 'missing_credential' });
    expect(JSON.stringify(broken)).not.toContain('secretsecret');
  });
});

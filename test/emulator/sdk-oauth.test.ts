import { generateKeyPairSync } from 'node:crypto';
import { Client } from '@okta/okta-sdk-nodejs';
import { expect, test } from 'vitest';
import { createEmulator } from '../../src/emulator/emulator.ts';

test('the Okta SDK for Node takes a token by private key, with proofs of possession, and reads with it', async () => {
  const emulator = createEmulator({ seed: 'demo' });
  const listening = await emulator.listen({ port: 0 });
  try {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const admin = async (path: string, body: unknown): Promise<{ readonly id: string }> => {
      const response = await fetch(`${listening.url}${path}`, {
        method: 'POST',
        headers: { authorization: `SSWS ${emulator.token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(response.status).toBe(200);
      return (await response.json()) as { readonly id: string };
    };
    const app = await admin('/api/v1/apps', {
      name: 'oidc_client',
      label: 'SDK',
      signOnMode: 'OPENID_CONNECT',
      credentials: { oauthClient: { token_endpoint_auth_method: 'private_key_jwt' } },
      settings: {
        oauthClient: {
          application_type: 'service',
          grant_types: ['client_credentials'],
          dpop_bound_access_tokens: true,
          jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'sdk', use: 'sig' }] },
        },
      },
    });
    await admin(`/api/v1/apps/${app.id}/grants`, { issuer: listening.url, scopeId: 'okta.users.read' });
    const client = new Client({
      orgUrl: listening.url,
      authorizationMode: 'PrivateKey',
      clientId: app.id,
      scopes: ['okta.users.read'],
      privateKey: JSON.stringify(privateKey.export({ format: 'jwk' })),
      keyId: 'sdk',
    });
    const users = await client.userApi.listUsers({ limit: 2 });
    const logins: string[] = [];
    await users.each((user) => {
      logins.push(String(user?.profile?.login));
      return logins.length < 5;
    });
    expect(logins).toHaveLength(5);
    await expect(client.groupApi.getGroup({ groupId: emulator.org.everyoneId })).rejects.toMatchObject({ status: 403 });
  } finally {
    await listening.close();
  }
});

import { makeConsent, makeRefreshToken, REFRESH_TOKENS } from '../../src/emulator/families/apps/consents.ts';
import { APPS } from '../../src/emulator/families/apps/store.ts';
import { newClient, newUser } from './fixtures.ts';
import type { MethodOrg } from './harness.ts';

/**
 * A user, and a client that holds three consents and two refresh tokens of that user, as signing in through a browser leaves them.
 * @param authorizationServerId who gave the tokens; the org's own server if absent
 */
export async function clientWithTokens(
  org: MethodOrg,
  name: string,
  authorizationServerId?: string,
): Promise<{ readonly userId: string; readonly clientId: string }> {
  const userId = await newUser(org, name);
  const clientId = await newClient(org, `Client of ${name}`);
  const app = org.emulator.org.collection(APPS).get(clientId);
  if (app === undefined) throw new Error(`no app ${clientId}`);
  const created = org.emulator.clock.now();
  for (const scope of ['offline_access', 'email', 'profile'])
    makeConsent(org.emulator.org, app, scope, { createdBy: userId, userId, created });
  for (let i = 0; i < 2; i++) {
    const token = makeRefreshToken(org.emulator.org, app, userId, ['openid', 'offline_access'], created);
    if (authorizationServerId !== undefined) org.emulator.org.collection(REFRESH_TOKENS).put({ ...token, authorizationServerId });
  }
  return { userId, clientId };
}

import { defineCollection } from '../../collection.ts';
import type { Org } from '../../org.ts';
import { wholeSecond } from '../../time.ts';
import { objectOf } from './defaults.ts';
import type { App } from './store.ts';

/** That an app may use a scope: for all (given by an administrator), or on behalf of one user. */
export interface Consent {
  readonly id: string;
  readonly appId: string;
  readonly clientId: string;
  /** The authorization server that it holds for; the org's own if absent. */
  readonly authorizationServerId?: string;
  readonly scopeId: string;
  readonly status: 'ACTIVE' | 'REVOKED';
  readonly source: 'ADMIN' | 'END_USER';
  readonly userId: string | null;
  readonly createdBy: { readonly id: string; readonly type: string };
  readonly created: number;
  readonly lastUpdated: number;
}

/** A refresh token that an app holds for a user. */
export interface RefreshToken {
  readonly id: string;
  readonly appId: string;
  readonly clientId: string;
  readonly authorizationServerId?: string;
  readonly userId: string;
  readonly status: 'ACTIVE' | 'REVOKED';
  readonly scopes: readonly string[];
  readonly created: number;
  readonly lastUpdated: number;
  readonly expiresAt: number;
}

export const CONSENTS = defineCollection<Consent>('consents', (consent) => consent.appId);
export const REFRESH_TOKENS = defineCollection<RefreshToken>('refreshTokens', (token) => token.appId);

/** The id under which an OpenID Connect app is known as a client. */
export function clientIdOf(app: App): string {
  const id = objectOf(app.credentials.oauthClient).client_id;
  return typeof id === 'string' ? id : app.id;
}

/** Puts a consent into the org. Logs nothing. */
export function makeConsent(
  org: Org,
  app: App,
  scopeId: string,
  parts: { readonly createdBy: string; readonly userId?: string; readonly created: number },
): Consent {
  const created = wholeSecond(parts.created);
  return org.collection(CONSENTS).put({
    id: org.ids.next('oag'),
    appId: app.id,
    clientId: clientIdOf(app),
    scopeId,
    status: 'ACTIVE',
    source: parts.userId === undefined ? 'ADMIN' : 'END_USER',
    userId: parts.userId ?? null,
    createdBy: { id: parts.createdBy, type: 'User' },
    created,
    lastUpdated: created,
  });
}

/** Puts a refresh token into the org. Logs nothing. */
export function makeRefreshToken(org: Org, app: App, userId: string, scopes: readonly string[], createdMs: number): RefreshToken {
  const created = wholeSecond(createdMs);
  return org.collection(REFRESH_TOKENS).put({
    id: org.ids.next('oar'),
    appId: app.id,
    clientId: clientIdOf(app),
    userId,
    status: 'ACTIVE',
    scopes,
    created,
    lastUpdated: created,
    expiresAt: created + 180 * 86_400_000,
  });
}

import { defineCollection } from '../../collection.ts';
import type { JsonObject } from '../../types.ts';
import type { AppKey, AppSigningRequest } from '../apps/keys.ts';

/** An identity provider. Protocol and policy stand as they are shown. */
export interface IdentityProvider {
  readonly id: string;
  readonly type: string;
  readonly issuerMode: string;
  readonly name: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly created: number;
  readonly lastUpdated: number;
  readonly protocol: JsonObject;
  readonly policy: JsonObject;
}

/** A user linked to a provider. `id` is `{idpId}/{userId}`. */
export interface IdpUser {
  readonly id: string;
  readonly idpId: string;
  readonly userId: string;
  readonly externalId: string;
  readonly created: number;
  readonly lastUpdated: number;
  readonly token: { readonly id: string; readonly text: string };
}

/** A certificate that assertions of a provider are checked with. `id` is its kid. */
export interface TrustKey {
  readonly id: string;
  readonly created: number;
  readonly lastUpdated: number;
  readonly x5c: readonly string[];
  /** DER. */
  readonly certificate: Buffer;
}

export const IDPS = defineCollection<IdentityProvider>('identityProviders');
export const IDP_USERS = defineCollection<IdpUser>('idpUsers', (linked) => linked.idpId);
export const IDP_KEYS = defineCollection<AppKey>('idpKeys', (key) => key.appId);
export const IDP_REQUESTS = defineCollection<AppSigningRequest>('idpSigningRequests', (request) => request.appId);
export const TRUST_KEYS = defineCollection<TrustKey>('idpTrustKeys');

/** A secret, or where to get it when it is first needed (an environment variable, a file, a command). */
export type Secret = string | (() => Promise<string>);

/** What a credential is made of; the session reads it out of the configuration. */
export type CredentialSpec =
  | { readonly kind: 'none' }
  /** Okta API token. */
  | { readonly kind: 'ssws'; readonly token: Secret }
  | { readonly kind: 'bearer'; readonly token: Secret }
  /** `prefix` is what stands before the encoded pair; default `Basic `. */
  | { readonly kind: 'basic'; readonly username: Secret; readonly password: Secret; readonly prefix?: string }
  /** Any header; `prefix` is put before the secret as it stands. */
  | { readonly kind: 'header'; readonly name: string; readonly value: Secret; readonly prefix?: string }
  | { readonly kind: 'query'; readonly name: string; readonly value: Secret }
  | ({ readonly kind: 'oauth' } & OAuthSpec)
  /** All of them at once (`successor` chains of provider documents). */
  | { readonly kind: 'all'; readonly of: readonly CredentialSpec[] };

/** OAuth 2 client credentials. */
export interface OAuthSpec {
  /** For Okta `{origin}/oauth2/v1/token`. */
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly client:
    | {
        readonly kind: 'private_key_jwt';
        /** PEM (PKCS #8 or #1) or a JWK as JSON. */
        readonly privateKey: Secret;
        readonly keyId?: string;
        /** Default: RS256 for RSA keys, ES256/384/512 by curve. */
        readonly algorithm?: string;
      }
    | { readonly kind: 'client_secret'; readonly secret: Secret; readonly style?: 'header' | 'body' };
  /** Proof of possession (RFC 9449): `auto` uses it where the server asks for it. Default `auto`. */
  readonly dpop?: 'auto' | 'always' | 'never';
  /** Further fields of the token request. */
  readonly fields?: Readonly<Record<string, string>>;
}

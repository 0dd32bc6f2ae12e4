import type { Catalog } from './catalog/types.ts';
import type { Analysis, CountedRelation } from './exec/analyze.ts';
import type { Cursor, ExecuteOptions } from './exec/types.ts';

export type { Analysis, CountedRelation };

/** SQL text in, cursors out. Closed by whoever opened it. */
export interface Session {
  /** Runs every statement of the text in order, each started when the one before has been read or closed. */
  readonly execute: (sql: string, options?: ExecuteOptions) => AsyncIterable<Cursor>;
  /** Runs a text of exactly one statement. */
  readonly query: (sql: string, options?: ExecuteOptions) => Promise<Cursor>;
  /**
   * Counts the relations of an org, the default one if none is named, so that EXPLAIN knows their sizes. With `dataDirectory` what was
   * learnt is kept for later sessions. `maxCalls` bounds the whole: relations of children are then looked at along fewer parents.
   */
  readonly analyze: (options?: AnalyzeOptions) => Promise<Analysis>;
  readonly catalog: Catalog;
  readonly close: () => Promise<void>;
}

export interface AnalyzeOptions extends Pick<ExecuteOptions, 'signal' | 'onProgress' | 'maxCalls'> {
  readonly org?: string;
  /** Whole names; default all that the overlay of the provider says can be counted. */
  readonly relations?: readonly string[];
  readonly onRelation?: (counted: CountedRelation) => void;
}

/** An org as configuration gives it, before any secret is read. */
export interface OrgConfig {
  readonly name: string;
  readonly provider: string;
  /** `https://acme.okta.com`; http only to loopback. `undefined` for providers whose documents name the server. */
  readonly orgUrl: string | undefined;
  /** Where the secret comes from; it is read when first needed. */
  readonly secret: SecretSource | undefined;
  /** 0 to 1. Default 0.9. */
  readonly budget: number;
  readonly maxConcurrency?: number;
  readonly timeoutMs?: number;
  readonly serverVariables?: Readonly<Record<string, string>>;
  /** e.g. `./orgql.yaml`, `environment`: for error messages. */
  readonly origin: string;
}

export type SecretSource =
  | { readonly kind: 'env'; readonly variable: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'command'; readonly command: readonly string[] }
  | { readonly kind: 'literal'; readonly value: string }
  | {
      readonly kind: 'oauth';
      readonly clientId: string;
      readonly privateKey: SecretSource;
      readonly keyId?: string;
      readonly scopes: readonly string[];
      readonly dpop: boolean;
    }
  | { readonly kind: 'bearer'; readonly token: SecretSource };

/** Everything a session is opened with. Front doors build it from files, environment and flags; library users from an object. */
export interface SessionConfig {
  readonly orgs: readonly OrgConfig[];
  /** Used where a statement names no org. Default: the only one, else `demo`. */
  readonly defaultOrg?: string;
  /** Orgs of a project file that nobody has trusted yet: naming one is `untrusted_config`, with `file` and the command that trusts it. */
  readonly untrustedOrgs?: readonly { readonly name: string; readonly file: string }[];
  /** Folders of provider documents, besides the built-in ones. */
  readonly providerRoots?: readonly string[];
  /** Where the local database, statistics and caches live. `undefined`: in memory only. */
  readonly dataDirectory?: string;
  /** Pins `now()`, for tests. Epoch milliseconds. */
  readonly now?: number;
  readonly memoryLimit?: string;
  readonly allowedPaths?: readonly string[];
  /** Where REGISTRY finds providers: `https://...`, or `file:///folder`. Default: the registry of the StackQL project. */
  readonly registry?: string;
}

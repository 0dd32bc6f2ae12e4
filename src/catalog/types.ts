import type { Overlay } from './overlay.ts';

/** A JSON value as it stands in a provider document. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The API's own type words, as DESCRIBE prints them. */
export type ApiType = 'string' | 'integer' | 'number' | 'boolean' | 'object' | 'array' | 'null';

/** The engine's column types that staged rows may have. `date-time` strings are TIMESTAMPTZ, objects and arrays JSON. */
export type SqlType = 'VARCHAR' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN' | 'TIMESTAMPTZ' | 'JSON';

/** What is known of a value's shape: a resolved, lazily expanded view of an OpenAPI schema. */
export interface Shape {
  readonly apiType: ApiType;
  readonly sqlType: SqlType;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly readOnly?: boolean;
  /** The named properties of an object (subtypes by discriminator merged in), in document order. Empty for scalars. */
  readonly properties: () => ReadonlyMap<string, Shape>;
  /** The shape of an array's elements, or of a map's values. */
  readonly items: () => Shape | undefined;
}

/** One output column of a relation. */
export interface Column {
  /** The API's spelling. Looked up without regard to case. */
  readonly name: string;
  /** The property's key on the wire, where a provider's casing rule makes it differ from `name`. */
  readonly wireName: string;
  readonly shape: Shape;
  /** False: usable by name and shown by DESCRIBE EXTENDED, but no part of `*` (a property that the catalog does not publish). */
  readonly published: boolean;
  /** True: never written to a cache, a log or a plan. */
  readonly secret: boolean;
}

export type ParameterLocation = 'path' | 'query' | 'header' | 'server' | 'cookie';

/** An input of a method that does not travel in the body. */
export interface Parameter {
  readonly name: string;
  /** The name on the wire. */
  readonly wireName: string;
  readonly location: ParameterLocation;
  readonly required: boolean;
  readonly shape: Shape;
  readonly default?: string;
  /** The bounds of a number, where the document states them. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Further names it may be given under (the snake-case form, where the provider's casing rule makes one). */
  readonly aliases?: readonly string[];
  /** The environment variable that may supply it (`x-stackQL-envVar`). */
  readonly envVar?: string;
  readonly description?: string;
}

export type HttpVerb = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type SqlVerb = 'SELECT' | 'INSERT' | 'UPDATE' | 'REPLACE' | 'DELETE' | 'EXEC';

/** How statement columns become a request body. */
export interface RequestBody {
  readonly mediaType: string;
  readonly required: boolean;
  /** The body's schema. `undefined` where the document gives none. */
  readonly shape: Shape | undefined;
  readonly requiredProperties: readonly string[];
  /** `data__p`, `p`, or `p` written under `under`. */
  /** Further names that top-level properties may be given under -> the name on the wire (snake-case forms). */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Properties whose text is sent as text even where it would parse as a JSON object or array. */
  readonly textProperties?: readonly string[];
  readonly naming: { readonly kind: 'data__' } | { readonly kind: 'naive'; readonly under?: string };
  /** Merged under the user's body. */
  readonly base?: Readonly<Record<string, Json>>;
  /** Sent when the statement gives no body at all. */
  readonly default?: string;
  readonly transform?: Transform;
}

export interface Transform {
  readonly type: string;
  readonly body: string;
}

/** Where the rows are in a response, and what they look like. */
export interface ResponseRows {
  readonly mediaType: string | undefined;
  /** Path from the body to the rows: `[]` when the body is the array (or the one row), else its keys, such as `['value']`. */
  readonly rowsPath: readonly string[];
  /** The shape of one row. */
  readonly row: Shape | undefined;
  readonly transform?: Transform & { readonly mediaType: string };
  /** The body is itself the list. */
  readonly isList?: boolean;
  /** Names of the body's own properties, as far as its description tells them. */
  readonly bodyNames?: () => ReadonlySet<string>;
}

/** How the next page is found. Whatever this says, a `Link: rel="next"` header, and `_links.next.href` and OData's next link in an object body, are always looked for. */
export interface Pagination {
  readonly algorithm: 'token' | 'page_number' | 'none';
  readonly request: { readonly key: string; readonly location: 'query' | 'body' | 'url' } | undefined;
  readonly response: { readonly key: string; readonly location: 'header' | 'body' } | undefined;
  readonly terminator?: { readonly key: string };
  /**
   * The list is read by position and no token comes back: the parameter is raised by the number of rows received, as long as
   * the body's `more` is true.
   */
  readonly offset?: { readonly parameter: string; readonly more: string };
}

export interface GraphQl {
  readonly url: string;
  readonly query: string;
  readonly rowsPath: string;
  readonly cursor?: {
    readonly path: string;
    readonly strategy: string;
    readonly format?: string;
    readonly terminateOn?: string;
    readonly pageSize?: number;
  };
}

/** One API operation, under the name that users see. */
export interface Method {
  readonly name: string;
  /** The verb that SHOW METHODS prints. */
  readonly verb: SqlVerb;
  /** Every verb that reaches it (an EXEC `update` also serves UPDATE). Contains `verb`. */
  readonly verbs: readonly SqlVerb[];
  readonly description: string;
  readonly http: { readonly verb: HttpVerb; readonly path: string; readonly servers: readonly Server[] };
  /** Names exactly as SHOW METHODS prints them: path, then required query, then server parameters and before these the body's required properties under the names that statements give them. */
  readonly requiredParams: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly body: RequestBody | undefined;
  readonly response: ResponseRows;
  readonly pagination: Pagination;
  readonly graphQl?: GraphQl;
  readonly scopes: readonly string[];
  /** `drop_double_underscore_params`, `get_query_to_post_form_utf_8`, ... */
  readonly requestTranslate?: string;
  readonly queryTranspose?: string;
  /** True where a POST only reads (`x-orgql-safe`, or GraphQL). GET and HEAD are always safe. */
  readonly safe: boolean;
  readonly deprecated: boolean;
  /** True: left out of SHOW METHODS, shown by SHOW METHODS EXTENDED (an operation that the catalog does not publish). */
  readonly hidden?: boolean;
  /** EXEC by this other name reaches it too, where the arguments given are this method's: of all fitting ones, the one that requires most is meant. */
  readonly overloads?: string;
}

export interface Server {
  /** With `{variable}` placeholders. */
  readonly url: string;
  readonly variables: readonly Parameter[];
}

/** A thing one can SELECT from or call methods of. The planner's facts are in `overlay`. */
export interface Relation {
  /** `provider.service.resource`, in the catalog's spelling. */
  readonly id: string;
  readonly provider: string;
  readonly service: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Published columns in catalog order, then the hidden properties of the response. Parameters are not repeated here. */
  readonly columns: readonly Column[];
  readonly methods: readonly Method[];
  /**
   * Names of the methods that serve each verb, the first to try first: the first whose required parameters are all given is StackQL's choice.
   * A document lists them; where it lists none, `select, list, aggregatedList, get`, `insert, create` and `delete` stand for themselves.
   */
  readonly candidates: Readonly<Partial<Record<SqlVerb, readonly string[]>>>;
  readonly overlay: Overlay;
  /** SELECT text of a view that the document defines, per required parameters (awscc-like views). */
  readonly views: readonly RelationView[];
}

export interface RelationView {
  readonly requiredParams: readonly string[];
  readonly sql: string;
}

export interface AuthConfig {
  readonly type: string;
  readonly credentialsEnvVar?: string;
  readonly valuePrefix?: string;
  /** The document's own fields, for the schemes that need more. */
  readonly raw: Readonly<Record<string, Json>>;
}

export interface ProviderSummary {
  readonly name: string;
  readonly version: string;
  readonly title?: string;
  readonly description?: string;
}

export interface ServiceSummary {
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

/** A provider, its services read only when asked for. */
export interface Provider extends ProviderSummary {
  readonly services: readonly ServiceSummary[];
  readonly auth: AuthConfig | undefined;
  /** Relations of one service, in document order. Throws `unknown_service`. */
  readonly relations: (service: string) => Promise<readonly Relation[]>;
}

/** Every installed provider, found by name without regard to case. */
export interface Catalog {
  readonly providers: () => Promise<readonly ProviderSummary[]>;
  /** Throws `unknown_provider` with a suggestion. */
  readonly provider: (name: string) => Promise<Provider>;
  /** Throws `unknown_provider`, `unknown_service` or `unknown_relation`, each with a suggestion. */
  readonly relation: (provider: string, service: string, resource: string) => Promise<Relation>;
}

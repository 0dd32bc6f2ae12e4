/**
 * The planner's facts about a relation: data that any provider document may carry under `x-orgql-*` keys.
 * A resource has `x-orgql-relation` (RelationFacts), a method `x-orgql-method` (MethodFacts). Everything is optional:
 * without facts a relation is listed whole and filtered by the engine.
 */
export interface Overlay {
  readonly relation: RelationFacts;
  /** By method name. */
  readonly methods: Readonly<Record<string, MethodFacts>>;
}

export interface RelationFacts {
  /** Rows that an org of middling size has: what a cost is guessed from before anything was counted. */
  readonly typicalRows?: number;
  /** Response columns that identify a row within one value of the parent parameters, e.g. `["id"]`. */
  readonly key?: readonly string[];
  /** Further columns that no row lacks, e.g. `["status"]`: a condition that only NULL would fulfil beside other values is one on these values. */
  readonly always?: readonly string[];
  /** Words that a column of text is known to have, e.g. `{ "outcome.result": ["SUCCESS"] }`, where the document lists none. There may be others. */
  readonly words?: Readonly<Record<string, readonly string[]>>;
  /** Parameter -> the row's own column that equals it, e.g. `{ "userId": "id" }` on okta.user.users: a predicate on `id` counts as one on `userId`. */
  readonly identity?: Readonly<Record<string, string>>;
  /** Parameter -> the relation and column that list every value it can take, e.g. `{ "groupId": { "relation": "okta.group.groups", "column": "id" } }`. Read whole where the parameter is unbound. */
  readonly parents?: Readonly<Record<string, ParentFact>>;
  /** Relations that hold the same facts seen from the other side. */
  readonly equivalents?: readonly EquivalentFact[];
  /** Relations that list, more cheaply, every parameter value that has rows here. */
  readonly drivers?: readonly DriverFact[];
  /** Other relations whose rows come embedded when `parameter` is set. */
  readonly embeds?: readonly EmbedFact[];
  /** Sizes of relations of children that come with each row when `parameter` is set, e.g. how many users a group has. */
  readonly sizes?: readonly SizeFact[];
  /**
   * What `org analyze` reads of a relation of children: along every parent, where a query over one parent depends on which one it is;
   * or along some, where parents are alike. Default: nothing, as each parent would cost a call.
   */
  readonly analyzed?: 'whole' | 'sample';
  /** Column -> value of the rows that exist only while some other column has a value, and similar remarks for people. */
  readonly notes?: readonly string[];
  readonly secrets?: readonly string[];
  /** Rows come from an eventually consistent index when read by these parameters. */
  readonly indexedBy?: readonly string[];
  /**
   * Parameters that share their name with a column and mean something else: an equality on the name is the parameter's alone, and
   * is not looked at again (`type` on okta.policy.rules is the type of the policy, the column that of the rule).
   */
  readonly parameterOnly?: readonly string[];
  /** Fixed list of values for a required parameter that has no parent relation, e.g. policy types. */
  readonly domains?: Readonly<Record<string, readonly string[]>>;
}

export interface ParentFact {
  readonly relation: string;
  readonly column: string;
}

export interface EquivalentFact {
  /** e.g. `okta.user.groups` for `okta.group.users`. */
  readonly relation: string;
  /**
   * This relation's parameter or column -> the other's, e.g. `{ "groupId": "id", "id": "userId" }`. Only these columns can be answered by
   * the other, if it has no row of this relation inside.
   */
  readonly columns: Readonly<Record<string, string>>;
  /**
   * JSON pointer, within the other's row, of this relation's own row: then every column can be answered. An answer without it is none
   * without rows: the other relation is then not read in this one's place.
   */
  readonly pointer?: string;
  /** With a pointer: the column whose value the other's list is narrowed to, and the parameters that say so; `{}` stands for the value. */
  readonly by?: { readonly column: string; readonly parameters: Readonly<Record<string, string>> };
}

export interface DriverFact {
  readonly parameter: string;
  readonly relation: string;
  readonly column: string;
}

export interface EmbedFact {
  /** The parameter that asks for it. Absent: it always comes. */
  readonly parameter?: string;
  readonly value?: string;
  /**
   * JSON pointer, within this relation's row, of the embedded row (`/_embedded/user`) or of an array of rows (`/_embedded/rules`). Empty: the
   * row itself is one of the other relation, as the members of a group are users.
   */
  readonly pointer: string;
  readonly relation: string;
  /** The embedded relation's key column, or of an array the parameter that its rows are read by; and this relation's column that equals it. */
  readonly key: string;
  readonly column: string;
  /**
   * `row`: the one row that has the key. `rows`: every row of the parameter's value. Only for an API that embeds the list whole: one that
   * cuts it short without a word would lose rows. A row without the pointer is none without children; those are asked for. Default `row`.
   */
  readonly holds?: 'row' | 'rows';
  /** Columns that the embedded row lacks or has otherwise: who needs them gets rows of their own. */
  readonly except?: readonly string[];
}

export interface SizeFact {
  readonly parameter: string;
  readonly value: string;
  /** JSON pointer within this relation's row, e.g. `/_embedded/stats/usersCount`. */
  readonly pointer: string;
  readonly relation: string;
  /** The row's column that is the child relation's parent. */
  readonly column: string;
}

export interface MethodFacts {
  readonly pageSize?: PageSizeFact;
  /** The rate-limit bucket, e.g. `users`. Methods of one bucket share one limit. */
  readonly bucket?: string;
  /** Requests a minute that the bucket allows where nothing better is known. */
  readonly limitPerMinute?: number;
  /** Ways to let the server filter. At most one is used in a request unless they share a `group`. */
  readonly filters?: readonly FilterFact[];
  /** Parameters beside which the API takes no filter expression: where the statement gives one, none of ours is sent. */
  readonly alone?: readonly string[];
  readonly sort?: SortFact;
  /** The parameter by which the whole list, whatever its pages, is cut short: sent for a LIMIT that leaves nothing to check. */
  readonly limit?: LimitFact;
  readonly projection?: ProjectionFact;
  /** Rows that this method leaves out unless a filter with `includes` names them. */
  readonly omits?: readonly OmitFact[];
  /** Rows of the relation that a call adds, or takes away if below 0. Default: 1 for an INSERT, -1 for a DELETE. */
  readonly addsRows?: number;
  /** A POST that only reads. */
  readonly safe?: boolean;
  /** The API's own not-found code that means "zero rows" (a look-up by key, or the child of a listed parent). Default: any 404 whose error code is E0000007, or that has none. */
  readonly notFound?: readonly string[];
  /** Always sent, unless the statement says otherwise. `$now` is the statement's time, `$now-90d` so many days before. */
  readonly defaults?: Readonly<Record<string, string>>;
  /** Served by another method for each value of a parameter: `rules` of every policy of a type. */
  readonly fanOut?: { readonly over: string; readonly parameter: string; readonly column: string; readonly method: string };
}

export interface PageSizeFact {
  readonly parameter: string;
  /** What is asked for: the recommended size where the API names one, else the maximum. */
  readonly size: number;
  readonly max: number;
  readonly min?: number;
  readonly default?: number;
}

/** OData's `$top`: no size of a page, and no way to get more. */
export interface LimitFact {
  readonly parameter: string;
  /** A greater LIMIT is not sent. */
  readonly max?: number;
}

export type FilterOperator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le' | 'sw' | 'ew' | 'co' | 'pr';

export interface FilterFact {
  /** The query parameter that carries the expression or the value. */
  readonly parameter: string;
  /** `okta`: expressions such as `status eq "ACTIVE" and ...`. `odata`: those of `$filter`, where `sw` is `startswith(...)`. `value`: the bare value of one predicate. */
  readonly grammar: 'okta' | 'odata' | 'value';
  /** Column path (`status`, `profile.department`, `profile.*`) -> what the server can do with it. */
  readonly attributes: Readonly<Record<string, AttributeFact>>;
  /** How expressions may be joined. Default `and` and `or`. */
  readonly connectives?: readonly ('and' | 'or' | 'not')[];
  /** Filters of one group may be sent together; they narrow as AND does. */
  readonly group?: string;
  /** Longest encoded expression, in bytes. Default 3700. */
  readonly maxLength?: number;
  /** An expression that every row fulfils: with it the method leaves nothing out. */
  readonly everything?: string;
  /** The method's `omits` do not apply when this parameter is used. */
  readonly includesOmitted?: boolean;
  /** Eventually consistent: the receipt says so. */
  readonly indexed?: boolean;
}

export interface AttributeFact {
  readonly operators: readonly FilterOperator[];
  /** True: the server returns exactly the rows for which the SQL predicate is true. False: a superset. */
  readonly exact: boolean;
  /** A row may lack it, and is then perhaps unlike any value to the server: `ne` is a superset even where the rest is exact. */
  readonly optional?: boolean;
  /** The server's name for the column, where it differs. */
  readonly as?: string;
  /** Literal syntax. Default: by the column's type. */
  readonly literal?: 'string' | 'number' | 'boolean' | 'date';
  /** The server's bound may or may not take in its end: a date is moved outwards by so much before it is sent. */
  readonly widenMs?: number;
  /** The server is known to ignore letter case here: then a comparison that ignores it too (ILIKE) can be pushed. */
  readonly foldsCase?: boolean;
  /** Most values in one or-chain (IN list). Default 100. Rows can be looked up by it: no two have the same. */
  readonly maxValues?: number;
  /** Rows can be looked up by so many values of other relations at once, though several may have the same: names that systems know each other's people by. */
  readonly perCall?: number;
}

export interface SortFact {
  /** The parameter that names the attribute; empty where the method sorts by one attribute only. */
  readonly by: string;
  /** The parameter of the direction. Absent: the direction follows the attribute, as in OData's `$orderby=created desc`. */
  readonly order?: string;
  readonly ascending: string;
  readonly descending: string;
  /** Columns whose order the server keeps exactly as the engine would. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Sorting works only when this parameter is sent as well. */
  readonly requires?: string;
  /**
   * One of the columns: a time that every row has and that never changes. A run that can be resumed reads the list in its order, and goes on by
   * a range over it where the cursor has expired.
   */
  readonly unchanging?: string;
}

export interface ProjectionFact {
  readonly parameter: string;
  /** `okta`: `id,status,profile:(login,email)`. `list`: comma-separated top-level names. */
  readonly grammar: 'okta' | 'list';
  /** Columns that are always returned. */
  readonly always?: readonly string[];
  /** Columns that can be named. A query that needs another one gets whole rows. Default: every property that the document declares for the row. */
  readonly columns?: readonly string[];
  /** Columns of which single keys can be named, as `profile:(login,email)`. */
  readonly nested?: readonly string[];
}

export interface OmitFact {
  readonly column: string;
  readonly value: string;
}

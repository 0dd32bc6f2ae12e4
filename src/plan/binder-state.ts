import type { Catalog, Relation } from '../catalog/types.ts';
import type { TreeNode } from '../sql/tree.ts';
import { location } from '../sql/tree.ts';
import type { ErrorCode } from '../util/error-codes.ts';
import { OrgqlError, type Span } from '../util/errors.ts';
import type { NeededColumn, Occurrence, OutputColumn, Resolution, Scope, Source, Use } from './types.ts';

/** What binding needs from the outside. */
export interface BindContext {
  readonly catalog: Catalog;
  /** Parses a stored view's query. */
  readonly parse: (sql: string) => Promise<TreeNode>;
  readonly view: (name: string) => Promise<{ readonly sql: string; readonly columns: readonly string[] } | undefined>;
  /** Columns of a local table, or of a FROM item that only the engine knows; `undefined` when there is none of that name. */
  readonly describeTable: (node: TreeNode) => Promise<readonly OutputColumn[] | undefined>;
  /** The reason why a function may not be called here, or `undefined`. */
  readonly forbidden: (functionName: string, place: 'table' | 'scalar') => string | undefined;
  /** `USE provider.service`. */
  readonly scope: readonly string[];
  /** Functions and keywords that give the time, and the constant that stands for each. */
  readonly now: (functionName: string) => TreeNode | undefined;
  /** Begins the names of the staging tables. */
  readonly stagePrefix: string;
  /** The same moment as RFC 3339 text, for `datetime('now', ...)`. */
  readonly nowText: string;
  /** The whole text given by the user. */
  readonly source: string;
  /** Where in `source` a node stands, from the engine's byte offset. */
  readonly span: (byteOffset: number) => Span;
}

/** What a table name in a FROM clause means. */
export type TableMeaning =
  | { readonly kind: 'relation'; readonly relation: Relation; readonly names: readonly string[] }
  | { readonly kind: 'local'; readonly columns: readonly OutputColumn[] }
  | { readonly kind: 'view'; readonly query: TreeNode; readonly columns: readonly string[] }
  | { readonly kind: 'unknown'; readonly error: OrgqlError };

/** A common table expression in reach. */
export interface CteMeaning {
  readonly columns: readonly OutputColumn[] | undefined;
  readonly occurrences: ReadonlySet<Occurrence>;
  readonly isRecursive: boolean;
  readonly node: TreeNode;
  /** The SELECTs whose rows it gives. */
  readonly leaves: readonly Scope[];
}

/** What is in reach by name besides the scope's own sources. */
export interface NameEnvironment {
  readonly ctes: ReadonlyMap<string, CteMeaning>;
  readonly cteNodes: readonly TreeNode[];
}

export interface BinderState {
  readonly context: BindContext;
  readonly tables: ReadonlyMap<TreeNode, TableMeaning>;
  readonly errors: OrgqlError[];
  readonly occurrences: Occurrence[];
  /** Every occurrence as often as it is mentioned, be it through a common table expression. */
  readonly mentions: Occurrence[];
  readonly resolutions: Map<TreeNode, Resolution>;
  readonly within: Map<TreeNode, ReadonlySet<Occurrence>>;
  readonly uses: Map<Scope, Use[]>;
  readonly members: Map<Scope, { readonly test: TreeNode; readonly item: TreeNode }>;
  /** References to staged columns, named once every alias is settled. */
  readonly references: { readonly node: TreeNode; readonly occurrence: Occurrence; readonly column: NeededColumn }[];
  /** Stars of which the queries around use columns by name only, and every word of the statement. */
  readonly unseenStars: ReadonlySet<TreeNode>;
  readonly words: ReadonlySet<string>;
  readonly stars: { readonly node: TreeNode; readonly scope: Scope }[];
  /** Select items whose text changed and that had no alias: they keep the name that they had. */
  readonly renames: { readonly item: TreeNode; readonly original: TreeNode }[];
  /** Types of rewritten expressions, by node. */
  readonly types: WeakMap<TreeNode, { readonly sqlType: string }>;
  usesLocal: boolean;
}

/** Records an error of name resolution; all are thrown together. */
export function fail(
  state: BinderState,
  code: ErrorCode,
  node: TreeNode | undefined,
  message: string,
  parts: { readonly detail?: string; readonly hint?: string } = {},
): void {
  const at = node === undefined ? undefined : location(node);
  state.errors.push(
    new OrgqlError(code, message, {
      ...parts,
      source: state.context.source,
      ...(at === undefined ? {} : { span: state.context.span(at) }),
    }),
  );
}

/** Every occurrence that must be staged before a source can be read. */
export function occurrencesOf(source: Source): ReadonlySet<Occurrence> {
  return source.kind === 'relation' ? new Set([source.occurrence]) : source.occurrences;
}

import type { Column, Relation, Shape } from '../catalog/types.ts';
import type { TreeNode } from '../sql/tree.ts';
import type { Equality } from './equalities.ts';

/** A column of a staging table: what the query needs of an occurrence. */
export interface NeededColumn {
  /** The name in the staging table, unique without regard to case. */
  readonly name: string;
  /** `property`: read from the response. `parameter`: the value that the call was made with. */
  readonly source:
    | { readonly kind: 'property'; readonly path: readonly string[] }
    | { readonly kind: 'parameter'; readonly parameter: string };
  readonly sqlType: string;
  readonly shape: Shape | undefined;
  /** Part of `*`. */
  readonly visible: boolean;
}

/** One mention of an API relation in a FROM clause: the unit of planning and of staging. */
export interface Occurrence {
  /** Also the staging table's name: `s1`, `s2`, ... in the order of the text. */
  readonly id: string;
  readonly relation: Relation;
  /** Unique within its SELECT. */
  readonly alias: string;
  readonly scope: Scope;
  /** The table reference in the tree; it names the staging table once bound. */
  readonly node: TreeNode;
  readonly needed: Map<string, NeededColumn>;
  /** True when `*`, a row reference or the like sees every published column. */
  wholeRow: boolean;
  /** Predicates and limits must not reach it: it is sampled, or joined by position. */
  readonly isBarred: boolean;
}

/** What is known of a column that a FROM item offers. */
export interface OutputColumn {
  readonly name: string;
  readonly shape: Shape | undefined;
  /** `JSON`, `TIMESTAMPTZ`, ... where known. */
  readonly sqlType: string | undefined;
  /** The select items that give it, one for each SELECT of a set operation. None where the query is no plain one. */
  readonly origins?: readonly Origin[];
}

/** An expression of a SELECT that gives a column to the query around it. */
export interface Origin {
  readonly scope: Scope;
  readonly node: TreeNode;
}

/** A FROM item that a SELECT stands behind, be it in place or by the name of a common table expression. */
export interface Use {
  readonly source: Source & { readonly kind: 'derived' };
  readonly scope: Scope;
  /** Predicates must not reach through it: it is sampled, or joined by position. */
  readonly isBarred: boolean;
}

/** One item of a FROM clause under the name that columns are qualified with. */
export type Source =
  | { readonly kind: 'relation'; readonly alias: string; readonly occurrence: Occurrence; readonly names: readonly string[] }
  | {
      readonly kind: 'derived';
      readonly alias: string;
      /** `undefined`: not known before the engine has bound it (a file, a table function). */
      readonly columns: readonly OutputColumn[] | undefined;
      /** Occurrences whose staging it waits for. */
      readonly occurrences: ReadonlySet<Occurrence>;
      /** Names itself while it is being computed: never available to a driver. */
      readonly isRecursive: boolean;
      readonly node: TreeNode;
    };

/** One SELECT node while it is bound. */
export interface Scope {
  readonly parent: Scope | undefined;
  readonly select: TreeNode;
  readonly sources: Source[];
  /** Column names merged by USING or NATURAL, lower case, and how: `one` means the left side's, `either` whichever side has a row. */
  readonly merged: Map<string, 'one' | 'either'>;
  /** Select-list aliases, lower case. */
  readonly aliases: Set<string>;
  /** Columns that GROUP BY names whole: what is below them must be read out of them there. */
  readonly grouped: Set<Column>;
  /** `cte_map` entries in reach, innermost last: drivers need them to run parts of the query alone. */
  readonly ctes: readonly TreeNode[];
}

/** What a column reference was found to mean. */
export interface Resolution {
  readonly source: Source;
  readonly scope: Scope;
  readonly shape: Shape | undefined;
  readonly sqlType: string | undefined;
  /** The other FROM items that the value can come from: those of a column that RIGHT or FULL JOIN merges. */
  readonly others?: readonly Source[];
  /** For relations: the column or parameter and the path below it. */
  readonly access: ColumnAccess | undefined;
  /** For derived tables: the column. */
  readonly column?: OutputColumn | undefined;
}

export interface ColumnAccess {
  readonly occurrence: Occurrence;
  readonly column: Column | undefined;
  /** Set where the reference names a parameter that the response does not carry. */
  readonly parameter: string | undefined;
  /** Path below the column: keys, and positions of arrays. */
  readonly path: readonly (string | number)[];
}

/** A query whose names are all known, its tree rewritten to read staging tables. */
export interface BoundQuery {
  readonly tree: TreeNode;
  readonly source: string;
  readonly occurrences: readonly Occurrence[];
  /** By column reference node of `tree`. */
  readonly resolutions: ReadonlyMap<TreeNode, Resolution>;
  /** Occurrences inside a subquery node or a FROM item, by node. */
  readonly within: ReadonlyMap<TreeNode, ReadonlySet<Occurrence>>;
  /** For the SELECTs of `x IN (SELECT y ...)`, and of NOT IN: the membership test, and y. */
  readonly members: ReadonlyMap<Scope, { readonly test: TreeNode; readonly item: TreeNode }>;
  /** The FROM items that the rows of a SELECT reach other SELECTs by. None where they are cut off on the way. */
  readonly uses: ReadonlyMap<Scope, readonly Use[]>;
  /** Equalities that follow from joins with parents, by occurrence. */
  readonly kin: Map<Occurrence, readonly Equality[]>;
  /** What every row of a SELECT must satisfy, kept once found. */
  readonly restrictions: Map<Scope, readonly TreeNode[]>;
  readonly usesLocal: boolean;
  /** Conditions that cannot be evaluated over what is staged: driver queries leave them out. Default none. */
  readonly isBlind?: (condition: TreeNode) => boolean;
}

import { shieldDistinct } from '../sql/shield.ts';
import { queryNodes, type TreeNode } from '../sql/tree.ts';
import type { OrgqlError } from '../util/errors.ts';
import { OrgqlError as OrgqlErrorClass } from '../util/errors.ts';
import { bindQueryNode } from './bind-select.ts';
import type { BindContext, BinderState } from './binder-state.ts';
import { knowledgeOf } from './equalities.ts';
import { kinship } from './kin.ts';
import { findColumn, needColumn, visibleColumns } from './needed.ts';
import { settleStars } from './stars.ts';
import { resolveTables } from './tables.ts';
import type { BoundQuery, Occurrence } from './types.ts';
import { unseenStars, wordsOf } from './unseen-stars.ts';

/** Where the engine keeps staging tables. */
/** The engine's catalog that holds staging tables. */
export const STAGE_CATALOG = 'memory';
const STAGE_SCHEMA = 'stage';

/** A bound query, and the select items whose printed name must be kept. */
export interface Binding extends BoundQuery {
  readonly renames: readonly { readonly item: TreeNode; readonly original: TreeNode }[];
}

/**
 * Finds the meaning of every name in a parsed query and rewrites the tree to read staging tables (`s1`, `s2`, ...).
 * Nothing is requested. Throws `unknown_relation`, `unknown_column`, `ambiguous_column`, `forbidden_by_sandbox`: all that
 * are found, the first carrying the others.
 */
export async function bind(tree: TreeNode, context: BindContext): Promise<Binding> {
  const tables = await resolveTables(tree, context);
  const state: BinderState = {
    context,
    tables,
    errors: [],
    occurrences: [],
    mentions: [],
    resolutions: new Map(),
    within: new Map(),
    uses: new Map(),
    members: new Map(),
    references: [],
    unseenStars: unseenStars(tree),
    words: wordsOf(tree),
    stars: [],
    renames: [],
    types: new WeakMap(),
    usesLocal: false,
  };
  for (const node of queryNodes(tree)) bindQueryNode(state, node, undefined, { ctes: new Map(), cteNodes: [] });
  throwAll(state.errors);
  settleAliases(state);
  const bound: Binding = {
    tree,
    source: context.source,
    occurrences: state.occurrences,
    resolutions: state.resolutions,
    within: state.within,
    uses: state.uses,
    members: state.members,
    restrictions: new Map(),
    kin: new Map(),
    usesLocal: state.usesLocal,
    renames: state.renames,
  };
  // What these need of a parent is no part of a star.
  for (const occurrence of state.occurrences)
    bound.kin.set(occurrence, kinship(bound, occurrence, knowledgeOf(bound, occurrence).equalities));
  settleStars(state);
  for (const occurrence of state.occurrences) needAtLeastOne(occurrence);
  throwAll(state.errors);
  shieldDistinct(tree);
  return bound;
}

function throwAll(errors: readonly OrgqlError[]): void {
  const [first, ...others] = errors;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  throw new OrgqlErrorClass(first.code, first.message, {
    ...(first.detail === undefined ? {} : { detail: first.detail }),
    ...(first.hint === undefined ? {} : { hint: first.hint }),
    ...(first.span === undefined ? {} : { span: first.span }),
    ...(first.source === undefined ? {} : { source: first.source }),
    others,
  });
}

/** Gives table references their staging names, and column references the alias and staging column that they mean. */
function settleAliases(state: BinderState): void {
  const used = new Map<string, number>();
  for (const occurrence of state.occurrences) used.set(occurrence.alias.toLowerCase(), (used.get(occurrence.alias.toLowerCase()) ?? 0) + 1);
  const aliases = new Map<Occurrence, string>();
  for (const occurrence of state.occurrences) {
    const isShared = (used.get(occurrence.alias.toLowerCase()) ?? 0) > 1;
    const alias = isShared ? `${occurrence.alias}__${occurrence.id}` : occurrence.alias;
    aliases.set(occurrence, alias);
    occurrence.node.alias = alias;
    occurrence.node.catalog_name = STAGE_CATALOG;
    occurrence.node.schema_name = STAGE_SCHEMA;
    occurrence.node.table_name = occurrence.id;
  }
  for (const { node, occurrence, column } of state.references)
    node.column_names = [aliases.get(occurrence) ?? occurrence.alias, column.name];
}

/** A staging table needs a column: the key where one is known, for it counts rows without bringing much. */
function needAtLeastOne(occurrence: Occurrence): void {
  if ([...occurrence.needed.values()].some((column) => column.source.kind === 'property')) return;
  const key = occurrence.relation.overlay.relation.key?.[0] ?? 'id';
  const column = findColumn(occurrence.relation, key) ?? visibleColumns(occurrence.relation)[0];
  if (column !== undefined) needColumn(occurrence, column);
}

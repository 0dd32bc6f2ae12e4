import { cloneNode, location, queryNodes, type TreeNode, text } from '../sql/tree.ts';
import { walk } from '../sql/walk.ts';
import { OrgqlError } from '../util/errors.ts';
import type { BindContext, TableMeaning } from './binder-state.ts';
import { enclosingSelects, providerView } from './provider-views.ts';

/**
 * Finds what every table name of a query means, views expanded in place. Names that a common table expression may hide
 * are looked up all the same; the binder asks the expressions first.
 */
export async function resolveTables(tree: TreeNode, context: BindContext): Promise<Map<TreeNode, TableMeaning>> {
  const meanings = new Map<TreeNode, TableMeaning>();
  await resolveBelow(tree, context, meanings, []);
  return meanings;
}

async function resolveBelow(
  root: TreeNode,
  context: BindContext,
  meanings: Map<TreeNode, TableMeaning>,
  views: readonly string[],
): Promise<void> {
  const tables: TreeNode[] = [];
  walk(root, (node) => {
    if (node.type === 'BASE_TABLE' || node.type === 'TABLE_FUNCTION') tables.push(node);
    return undefined;
  });
  const selects = enclosingSelects(root);
  for (const node of tables) {
    if (node.type === 'TABLE_FUNCTION') continue;
    const meaning = await meaningOf(node, context, views, selects.get(node));
    meanings.set(node, meaning);
    if (meaning.kind === 'view') await resolveBelow(meaning.query, context, meanings, [...views, nameOf(node)]);
  }
}

function nameOf(node: TreeNode): string {
  return [text(node, 'catalog_name'), text(node, 'schema_name'), text(node, 'table_name')]
    .filter((part) => part !== '')
    .join('.')
    .toLowerCase();
}

async function meaningOf(
  node: TreeNode,
  context: BindContext,
  views: readonly string[],
  select: TreeNode | undefined,
): Promise<TableMeaning> {
  const given = [text(node, 'catalog_name'), text(node, 'schema_name'), text(node, 'table_name')].filter((part) => part !== '');
  const name = given.at(-1) ?? '';
  if (given.length === 1) {
    if (views.includes(name.toLowerCase()))
      return unknown(node, context, new OrgqlError('unsupported_syntax', `The view ${name} refers to itself`));
    const view = await context.view(name);
    if (view !== undefined) {
      const [query] = queryNodes(await context.parse(view.sql));
      if (query !== undefined) return { kind: 'view', query: cloneNode(query), columns: view.columns };
    }
  }
  if (given.length < 3 || ['memory', 'local', 'temp', 'system'].includes((given[0] ?? '').toLowerCase())) {
    const columns = await context.describeTable(node);
    if (columns !== undefined) return { kind: 'local', columns };
  }
  const full = given.length === 3 ? given : [...context.scope.slice(0, 3 - given.length), ...given];
  if (full.length === 3) {
    const [provider = '', service = '', resource = ''] = full;
    try {
      const relation = await context.catalog.relation(provider, service, resource);
      // A view over itself means the methods of the relation.
      const query = views.includes(nameOf(node)) ? undefined : await providerView(context, relation, node, select);
      return query === undefined ? { kind: 'relation', relation, names: full } : { kind: 'view', query, columns: [] };
    } catch (error) {
      if (error instanceof OrgqlError) return unknown(node, context, error);
      throw error;
    }
  }
  return unknown(
    node,
    context,
    new OrgqlError('unknown_relation', `There is no table, view or relation named ${given.join('.')}`, {
      hint: 'Relations are named provider.service.resource, such as okta.user.users; SHOW RESOURCES IN okta.user lists them.',
    }),
  );
}

function unknown(node: TreeNode, context: BindContext, error: OrgqlError): TableMeaning {
  const at = location(node);
  return {
    kind: 'unknown',
    error: new OrgqlError(error.code, error.message, {
      ...(error.detail === undefined ? {} : { detail: error.detail }),
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      source: context.source,
      ...(at === undefined ? {} : { span: context.span(at) }),
    }),
  };
}

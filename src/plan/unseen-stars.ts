import { child, children, isNode, type TreeNode, type TreeValue, text, texts } from '../sql/tree.ts';
import { walk } from '../sql/walk.ts';

/** What is known of a common table expression while the query around it is looked at. */
interface Cte {
  readonly query: TreeNode;
  readonly around: Ctes;
  isSeen: boolean;
}

type Ctes = ReadonlyMap<string, Cte>;

/**
 * Stars of queries inside others of which these only use columns by name, or nothing at all: `SELECT u.id FROM (SELECT * ...) u`,
 * `EXISTS (SELECT * ...)`. A column whose name stands nowhere in the statement need not be there.
 */
export function unseenStars(tree: TreeNode): ReadonlySet<TreeNode> {
  const found = new Set<TreeNode>();
  const named = namedWhole(tree);
  if (named === undefined) return found;
  for (const statement of children(tree, 'statements')) {
    const query = child(statement, 'node');
    if (query !== undefined) visitQuery(query, true, new Map());
  }
  return found;

  function visitQuery(query: TreeNode, isSeen: boolean, around: Ctes): void {
    const own: Cte[] = [];
    let ctes = around;
    const map = child(query, 'cte_map');
    for (const entry of map === undefined ? [] : children(map, 'map')) {
      const value = child(entry, 'value');
      const inner = child(child(value ?? {}, 'query') ?? {}, 'node');
      if (value === undefined || inner === undefined) continue;
      const cte: Cte = { query: inner, around: ctes, isSeen: texts(value, 'aliases').length > 0 };
      own.push(cte);
      ctes = new Map([...ctes, [text(entry, 'key').toLowerCase(), cte]]);
    }
    if (query.type === 'SELECT_NODE') visitSelect(query, isSeen, ctes);
    else visitParts(query, ctes);
    for (const cte of own.toReversed()) visitQuery(cte.query, cte.isSeen, cte.around);
  }

  function visitSelect(select: TreeNode, isSeen: boolean, ctes: Ctes): void {
    const stars = children(select, 'select_list').filter((item) => item.class === 'STAR');
    const shows = isSeen || !isPlain(select);
    if (!shows) for (const star of stars) found.add(star);
    const qualifiers = shows ? stars.map((star) => text(star, 'relation_name').toLowerCase()) : [];
    const from = child(select, 'from_table');
    if (from !== undefined)
      visitFrom(from, ctes, (alias) => qualifiers.includes('') || qualifiers.includes(alias) || named?.has(alias) === true);
    for (const [key, value] of Object.entries(select)) if (key !== 'from_table' && key !== 'cte_map') visitParts(value, ctes);
  }

  function visitFrom(item: TreeNode, ctes: Ctes, isWhole: (alias: string) => boolean): void {
    const hasAliases = texts(item, 'column_name_alias').length > 0;
    switch (text(item, 'type')) {
      case 'JOIN': {
        const isNatural = text(item, 'ref_type') === 'NATURAL';
        for (const side of ['left', 'right']) {
          const below = child(item, side);
          if (below !== undefined) visitFrom(below, ctes, isNatural ? () => true : isWhole);
        }
        visitParts(child(item, 'condition'), ctes);
        return;
      }
      case 'SUBQUERY': {
        const query = child(child(item, 'subquery') ?? {}, 'node');
        if (query !== undefined) visitQuery(query, hasAliases || isWhole(text(item, 'alias').toLowerCase()), ctes);
        return;
      }
      case 'BASE_TABLE': {
        const cte = cteOf(item, ctes);
        if (cte !== undefined) cte.isSeen ||= hasAliases || isWhole((text(item, 'alias') || text(item, 'table_name')).toLowerCase());
        return;
      }
      default:
        visitParts(item, ctes);
    }
  }

  /** Of what is no plain SELECT, every query is taken to be seen whole, but that of EXISTS. */
  function visitParts(value: TreeValue | undefined, ctes: Ctes): void {
    if (Array.isArray(value)) for (const item of value) visitParts(item, ctes);
    if (!isNode(value)) return;
    const cte = value.type === 'BASE_TABLE' ? cteOf(value, ctes) : undefined;
    if (cte !== undefined) cte.isSeen = true;
    for (const [key, item] of Object.entries(value)) {
      if (key === 'cte_map') continue;
      if (isNode(item) && isQuery(item)) visitQuery(item, value.subquery_type !== 'EXISTS', ctes);
      else if (key === 'subquery' && isNode(item) && child(item, 'node') !== undefined)
        visitQuery(child(item, 'node') ?? {}, value.subquery_type !== 'EXISTS', ctes);
      else visitParts(item, ctes);
    }
  }
}

/** Every word of a statement, lower case: the names of columns among them, and what the engine calls the second one of a name. */
export function wordsOf(tree: TreeNode): ReadonlySet<string> {
  const words = new Set<string>();
  const visit = (value: TreeValue): void => {
    if (typeof value === 'string') words.add(value.toLowerCase()).add(value.toLowerCase().replace(/[_:]\d+$/, ''));
    else if (Array.isArray(value)) value.forEach(visit);
    else if (isNode(value)) Object.values(value).forEach(visit);
  };
  visit(tree);
  return words;
}

function isQuery(node: TreeNode): boolean {
  return ['SELECT_NODE', 'SET_OPERATION_NODE', 'RECURSIVE_CTE_NODE', 'CTE_NODE'].includes(text(node, 'type'));
}

function cteOf(table: TreeNode, ctes: Ctes): Cte | undefined {
  return text(table, 'schema_name') === '' && text(table, 'catalog_name') === ''
    ? ctes.get(text(table, 'table_name').toLowerCase())
    : undefined;
}

/** True for a SELECT that gives the same rows whatever further columns it has. */
function isPlain(select: TreeNode): boolean {
  return (
    children(select, 'group_expressions').length === 0 &&
    select.aggregate_handling === 'STANDARD_HANDLING' &&
    children(select, 'modifiers').every(
      (modifier) =>
        text(modifier, 'type').startsWith('LIMIT') ||
        // A number in ORDER BY is a place in the list.
        (modifier.type === 'ORDER_MODIFIER' &&
          children(modifier, 'orders').every((order) => child(order, 'expression')?.class === 'COLUMN_REF')),
    ) &&
    children(select, 'select_list').every((item) => item.class !== 'STAR' || isBare(item))
  );
}

/** True for a star that changes no column. */
function isBare(star: TreeNode): boolean {
  return ['replace_list', 'rename_list'].every((key) => !Array.isArray(star[key]) || star[key].length === 0);
}

/**
 * Names by which rows of FROM items are taken whole, or might be: `u` in `to_json(u)`, which looks like a column. `undefined` where
 * columns are taken otherwise than by name: by stars in expressions, or by their place.
 */
function namedWhole(tree: TreeNode): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  const items = new Set<TreeNode>();
  let isFollowed = true;
  walk(tree, (node) => {
    for (const item of children(node, 'select_list')) if (item.class === 'STAR' && item.columns !== true) items.add(item);
    for (const order of children(node, 'orders')) items.add(child(order, 'expression') ?? {});
    if (node.class === 'COLUMN_REF') names.add((texts(node, 'column_names').at(-1) ?? '').toLowerCase());
    if ((node.class === 'STAR' && !items.has(node)) || node.class === 'POSITIONAL_REFERENCE') isFollowed = false;
    return undefined;
  });
  walk(tree, (node) => {
    // A star of an item of a query around.
    if (node.type !== 'SELECT_NODE') return undefined;
    const aliases = new Set<string>();
    walk(child(node, 'from_table'), (item) => {
      aliases.add((text(item, 'alias') || text(item, 'table_name')).toLowerCase());
      return item.type === 'JOIN';
    });
    for (const item of children(node, 'select_list')) {
      const qualifier = text(item, 'relation_name').toLowerCase();
      if (item.class === 'STAR' && qualifier !== '' && !aliases.has(qualifier)) names.add(qualifier);
    }
    return undefined;
  });
  return isFollowed ? names : undefined;
}

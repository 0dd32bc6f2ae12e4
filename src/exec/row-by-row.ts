import { child, children, type TreeNode, text } from '../sql/tree.ts';
import { walk } from '../sql/walk.ts';

/** Scalar functions that may stand in a streamed select list or condition; an aggregate would need all rows. */
const SCALARS = new Set([
  '->',
  '->>',
  'json_extract',
  'json_extract_string',
  'json_array_length',
  'lower',
  'upper',
  'length',
  'trim',
  'ltrim',
  'rtrim',
  'replace',
  'substr',
  'substring',
  'left',
  'right',
  'concat',
  'concat_ws',
  '||',
  '+',
  '-',
  '*',
  '/',
  '//',
  '%',
  'abs',
  'round',
  'floor',
  'ceil',
  'trunc',
  'strftime',
  'timezone',
  'date_trunc',
  'date_part',
  'to_days',
  'to_hours',
  'to_minutes',
  'to_seconds',
  'to_months',
  'to_years',
  'struct_pack',
  'list_value',
  'split_part',
  'starts_with',
  'prefix',
  'suffix',
  'contains',
  'regexp_matches',
  'regexp_full_match',
  'regexp_extract',
  'regexp_replace',
  '~~',
  '!~~',
  '~~*',
  '!~~*',
  '~~~',
  'like_escape',
  'not_like_escape',
  'datetime',
  'date',
  'iif',
  'ifnull',
  'coalesce',
  'nullif',
  'typeof',
  'md5',
  'json_object',
  'json_array',
  'to_json',
  'epoch_ms',
  'epoch',
  'year',
  'month',
  'day',
  'instr',
  'strpos',
  'greatest',
  'least',
  'to_char',
  'unixepoch',
  'hash',
  'reverse',
  'printf',
  'format',
]);

/** True for a SELECT that gives a row for each row of its FROM clause that its conditions keep, and needs to see no other row for it. */
export function isPlainSelect(select: TreeNode, subqueries: 'without subqueries' | 'with subqueries' = 'without subqueries'): boolean {
  const ctes = child(select, 'cte_map');
  return (
    children(select, 'group_expressions').length === 0 &&
    (!Array.isArray(select.group_sets) || select.group_sets.length === 0) &&
    text(select, 'aggregate_handling') === 'STANDARD_HANDLING' &&
    child(select, 'having') === undefined &&
    child(select, 'qualify') === undefined &&
    child(select, 'sample') === undefined &&
    (ctes === undefined || children(ctes, 'map').length === 0) &&
    isRowByRow(select, subqueries)
  );
}

function isRowByRow(select: TreeNode, subqueries: 'without subqueries' | 'with subqueries'): boolean {
  let isScalar = true;
  const visit = (node: TreeNode): boolean => {
    // One value for each row, whatever it is computed of.
    if (node.class === 'SUBQUERY' && subqueries === 'with subqueries') return false;
    if (['SUBQUERY', 'WINDOW', 'POSITIONAL_REFERENCE'].includes(text(node, 'class'))) isScalar = false;
    if (node.class === 'FUNCTION' && (!SCALARS.has(text(node, 'function_name').toLowerCase()) || node.distinct === true)) isScalar = false;
    if (node.class === 'STAR' && node.columns === true) isScalar = false;
    return isScalar;
  };
  walk(select.select_list, visit);
  walk(select.where_clause, visit);
  return isScalar;
}

export function limitsOf(modifiers: readonly TreeNode[]): { readonly limit: number | undefined; readonly offset: number } | undefined {
  let limit: number | undefined;
  let offset = 0;
  for (const modifier of modifiers) {
    if (text(modifier, 'type') !== 'LIMIT_MODIFIER') return undefined;
    const given = constantNumber(child(modifier, 'limit'));
    const skipped = constantNumber(child(modifier, 'offset'));
    if (given === null || skipped === null) return undefined;
    limit = given;
    offset = skipped ?? 0;
  }
  return { limit, offset };
}

/** `undefined`: absent. `null`: not a plain whole number. */
function constantNumber(node: TreeNode | undefined): number | undefined | null {
  if (node === undefined) return undefined;
  const value = child(node, 'value')?.value;
  return node.class === 'CONSTANT' && typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null;
}

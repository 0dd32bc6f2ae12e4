/** Words that SQL keeps for itself where a name may stand. */
const RESERVED = new Set(
  (
    'all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column concurrently constraint create ' +
    'cross current_catalog current_date current_role current_schema current_time current_timestamp current_user default deferrable desc describe distinct do ' +
    'else end except false fetch for foreign freeze from full generated glob grant group having ilike in initially inner intersect into is isnull join ' +
    'lambda lateral leading left like limit localtime localtimestamp map natural not notnull null offset on only or order outer overlaps pivot pivot_longer ' +
    'pivot_wider placing positional primary qualify references returning right select semi session_user show similar some struct summarize symmetric table ' +
    'tablesample then to trailing true try_cast union unique unpivot user using values variadic verbose when where window with anti asof at interval row'
  ).split(' '),
);

/** A column's or parameter's name as it stands in a statement. */
export function sqlName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && !RESERVED.has(name.toLowerCase()) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** `profile.login`, each part quoted where it must be. */
export function sqlPath(path: readonly string[]): string {
  return path.map(sqlName).join('.');
}

/** `provider.service.resource` as it stands in a statement. */
export function sqlRelation(id: string): string {
  return id
    .split('.')
    .map((part) => (/^[A-Za-z_]\w*$/.test(part) ? part : `"${part.replaceAll('"', '""')}"`))
    .join('.');
}

/** A text literal. */
export function sqlText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** `WHERE a AND b`, on lines of their own where they are many. */
export function whereClause(conditions: readonly string[]): string {
  if (conditions.length === 0) return '';
  return `\nWHERE ${conditions.join(conditions.length > 2 ? '\n  AND ' : ' AND ')}`;
}

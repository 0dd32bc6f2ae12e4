import { asObject, asText, isObject } from './json.ts';
import type { Json, RelationView } from './types.ts';

/**
 * The SELECT texts of `config.views.select`, first to last. Texts for another dialect than StackQL's own (SQLite's, which ours
 * understands) are left out.
 */
export function viewsOf(config: Json | undefined): readonly RelationView[] {
  const views: RelationView[] = [];
  let node = asObject(asObject(config).views).select;
  for (let depth = 0; isObject(node) && depth < 32; depth++) {
    const predicate = asText(node.predicate) ?? '';
    const dialect = /sqlDialect\s*==\s*"([^"]*)"/.exec(predicate)?.[1];
    const required = /requiredParams\s*==\s*\[([^\]]*)\]/.exec(predicate)?.[1] ?? '';
    const sql = asText(node.ddl);
    if (sql !== undefined && (dialect === undefined || dialect === 'sqlite3')) {
      const requiredParams = required
        .split(',')
        .map((name) => name.trim().replace(/^["']|["']$/g, ''))
        .filter((name) => name !== '');
      views.push({ requiredParams, sql: sql.trim() });
    }
    node = node.fallback ?? null;
  }
  return views;
}

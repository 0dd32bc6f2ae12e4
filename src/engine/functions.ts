import type { CompatibilityFunction } from './function-types.ts';
import { DATE_FUNCTIONS } from './functions-dates.ts';
import { JSON_FUNCTIONS } from './functions-json.ts';
import { TEXT_FUNCTIONS } from './functions-text.ts';

/** Every compatibility function, in one table. */
export const COMPATIBILITY_FUNCTIONS: readonly CompatibilityFunction[] = [...DATE_FUNCTIONS, ...JSON_FUNCTIONS, ...TEXT_FUNCTIONS];

/**
 * Names that the engine's parser reads as types, so that the call must be renamed in the statement's text, before it is parsed:
 * `date('now', '-1 day')`, `time('now')`, `char(72, 105)`.
 */
export const TEXT_REWRITES: Readonly<Record<string, string>> = { date: 'sqlite_date', time: 'sqlite_time', char: 'sqlite_char' };

/**
 * Calls that are macros here and aggregates elsewhere. With DISTINCT, ORDER BY, FILTER or OVER they must be rewritten in the tree: the call becomes
 * `aggregate`, keeping those clauses, and `wrap` is called on its result.
 */
export const AGGREGATE_REWRITES: Readonly<Record<string, { readonly aggregate: string; readonly wrap: string | undefined }>> = {
  json_agg: { aggregate: 'list', wrap: 'to_json' },
  jsonb_agg: { aggregate: 'list', wrap: 'to_json' },
  json_group_array: { aggregate: 'list', wrap: 'to_json' },
  every: { aggregate: 'bool_and', wrap: undefined },
  total: { aggregate: 'sum', wrap: 'orgql_total' },
};

/** Table functions of ours, which need an alias of their own name where the statement gives none: `json_each.value`. */
export const TABLE_FUNCTIONS: readonly string[] = COMPATIBILITY_FUNCTIONS.filter(({ kind }) => kind === 'table').map(({ name }) => name);

const BY_NAME = new Map(COMPATIBILITY_FUNCTIONS.map((one) => [one.name, one]));
/** A call of a name without a schema before it: `system.main.strftime(` is the engine's own. */
const CALL = /(?<![.\w"]|\."?)"?\b([A-Za-z_][A-Za-z0-9_]*)"?\s*\(/g;

/** The functions that a text calls, each after those that it calls itself. What looks like a call in a comment or a string counts too: that does no harm. */
export function functionsIn(text: string): CompatibilityFunction[] {
  const found = new Map<string, CompatibilityFunction>();
  const visited = new Set<string>();
  const visit = (part: string): void => {
    for (const [, word = ''] of part.matchAll(CALL)) {
      const one = BY_NAME.get(word.toLowerCase());
      if (one === undefined || visited.has(one.name)) continue;
      visited.add(one.name);
      for (const form of one.forms) visit(form.body);
      found.set(one.name, one);
    }
  };
  visit(text);
  return [...found.values()];
}

/** The statement that makes the function known to an engine; forms of more than `maxArguments` are left out, since each takes a millisecond or more. */
export function createMacro({ name, kind, forms }: CompatibilityFunction, maxArguments = Number.POSITIVE_INFINITY): string {
  const least = Math.min(...forms.map(({ parameters }) => parameters.length));
  const needed = forms.filter(({ parameters }) => parameters.length <= Math.max(least, maxArguments));
  const definitions = needed.map(({ parameters, body }) => `(${parameters.join(', ')}) AS ${kind === 'table' ? `TABLE (${body})` : body}`);
  return `CREATE OR REPLACE MACRO memory.main."${name}"${definitions.join(', ')}`;
}

/** Where a compatibility function comes from. `orgql`: a building block of others, not for users. */
export type FunctionOrigin = 'SQLite' | 'PostgreSQL' | 'StackQL' | 'orgql';

/** One way to call a function: its parameters, with types where they choose between the ways, and the SQL that stands for it. */
export interface FunctionForm {
  readonly parameters: readonly string[];
  /** An expression; for `kind: 'table'` a query. */
  readonly body: string;
}

/** A function that other SQL dialects have and the engine lacks, or has otherwise. Documentation is printed from these. */
export interface CompatibilityFunction {
  readonly name: string;
  /** `aggregate`: a macro over aggregates; DISTINCT, ORDER BY, FILTER and OVER do not work on it as it is, see `AGGREGATE_REWRITES`. */
  readonly kind: 'scalar' | 'table' | 'aggregate';
  readonly origin: FunctionOrigin;
  readonly description: string;
  readonly forms: readonly FunctionForm[];
}

/** Forms of a function of several arguments, from `least` to `most` of them. */
export function formsByCount(least: number, most: number, body: (names: readonly string[]) => string): FunctionForm[] {
  return Array.from({ length: most - least + 1 }, (_, index) => {
    const parameters = Array.from({ length: least + index }, (_unused, at) => `a${at + 1}`);
    return { parameters, body: body(parameters) };
  });
}

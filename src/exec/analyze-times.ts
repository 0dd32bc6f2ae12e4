import type { FilterFact, MethodFacts } from '../catalog/overlay.ts';
import type { Relation } from '../catalog/types.ts';
import { defaultValue } from '../plan/access-path.ts';
import { quoteName } from './compose.ts';
import { MOST_ROWS, type Synopsis, type SynopsisRow, withoutNames } from './synopsis.ts';

/** Rows of a relation under further conditions, in order, the first `limit` of them. */
export interface TimesRun {
  readonly now: number;
  readonly columns: readonly string[];
  readonly page: (conditions: readonly string[], order: string, limit: number) => Promise<readonly SynopsisRow[]>;
}

export interface Bounds {
  readonly column: string;
  readonly since: string;
  readonly until: string;
}

/** The parameters that bound a list in time, where it is never read without both. */
export function boundsOf(facts: MethodFacts): Bounds | undefined {
  const bound = (fact: FilterFact, operators: readonly string[]): string | undefined =>
    fact.grammar !== 'value' || facts.defaults?.[fact.parameter] === undefined
      ? undefined
      : Object.entries(fact.attributes).find(([, attribute]) => attribute.operators.some((operator) => operators.includes(operator)))?.[0];
  const since = (facts.filters ?? []).find((fact) => bound(fact, ['gt', 'ge']) !== undefined);
  const until = (facts.filters ?? []).find((fact) => bound(fact, ['lt', 'le']) !== undefined);
  const column = since === undefined ? undefined : bound(since, ['gt', 'ge']);
  return since === undefined || until === undefined || column === undefined
    ? undefined
    : { column, since: since.parameter, until: until.parameter };
}

const HOUR = 3_600_000;

/**
 * What happens over time is too much to read: one page is read at the beginning of each of many spans. Where the page does not
 * reach to the end of its span the rest is taken to be alike.
 */
export async function readTimes(run: TimesRun, relation: Relation, facts: MethodFacts, bounds: Bounds): Promise<Synopsis> {
  const { now, columns } = run;
  const size = facts.pageSize?.size ?? 100;
  const oldest = Date.parse(defaultValue(facts.defaults?.[bounds.since] ?? '$now-90d', new Date(now).toISOString()));
  const marks = [now];
  while ((marks[0] ?? 0) > oldest)
    marks.unshift(Math.max(oldest, (marks[0] ?? 0) - (now - (marks[0] ?? 0) < 7 * 24 * HOUR ? 6 : 14 * 24) * HOUR));
  const spans: { readonly rows: readonly SynopsisRow[]; readonly total: number }[] = [];
  const equals = (parameter: string, time: number): string => `${quoteName(parameter)} = '${new Date(time).toISOString()}'`;
  for (const [index, from] of marks.slice(0, -1).entries()) {
    const to = marks[index + 1] ?? now;
    const rows = await run.page([equals(bounds.since, from), equals(bounds.until, to)], quoteName(bounds.column), size);
    spans.push(rows.length < size ? { rows, total: rows.length } : stretched(rows, bounds.column, from, to));
  }
  const total = spans.reduce((sum, span) => sum + span.total, 0);
  // As large a share of every span: no more than the one that is known least of has, and no more in all than is kept.
  const share = Math.min(
    1,
    MOST_ROWS / 2 / Math.max(1, total),
    ...spans.filter((span) => span.total > 0).map((span) => span.rows.length / span.total),
  );
  const kept = spans.flatMap((span) => {
    const wanted = Math.round(span.total * share);
    return Array.from({ length: wanted }, (_, index) => span.rows[Math.floor((index * span.rows.length) / wanted)]).filter(
      (row) => row !== undefined,
    );
  });
  return {
    relation: relation.id,
    takenAt: now,
    total,
    perPage: undefined,
    columns,
    ...withoutNames(relation, kept),
    sizes: undefined,
  };
}

function stretched(
  rows: readonly SynopsisRow[],
  column: string,
  from: number,
  to: number,
): { readonly rows: readonly SynopsisRow[]; readonly total: number } {
  const last = Date.parse(String(rows.at(-1)?.[column]));
  const factor = (to - from) / Math.max(1, last - from);
  return {
    rows: rows.map((row) => ({ ...row, [column]: new Date(from + (Date.parse(String(row[column])) - from) * factor).toISOString() })),
    total: Math.round(rows.length * factor),
  };
}

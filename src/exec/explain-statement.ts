import type { Method, Relation, SqlVerb } from '../catalog/types.ts';
import type { Statement, TextSlice } from '../sql/statement.ts';
import { OrgqlError } from '../util/errors.ts';
import type { Environment } from './environment.ts';
import { type ExplainStep, type Explanation, explainQuery } from './explain.ts';
import { explanationCursor } from './explain-text.ts';
import { createRecorder } from './recorder.ts';
import type { Cursor, ExecuteOptions } from './types.ts';
import { addressed } from './write-targets.ts';

/** EXPLAIN [ANALYZE]: what a statement would cost, or has cost. ANALYZE runs queries only. `run` runs a statement as if it had been typed. */
export async function explainStatement(
  environment: Environment,
  explained: Statement & { readonly kind: 'explain' },
  options: ExecuteOptions,
  run: (statement: Statement, options: ExecuteOptions) => Promise<Cursor>,
): Promise<Cursor> {
  const { statement } = explained;
  if (explained.analyze && statement.kind !== 'query') {
    throw new OrgqlError('read_only', 'EXPLAIN ANALYZE runs the statement, so it takes queries only', {
      hint: 'EXPLAIN alone shows what a change would do, and sends nothing.',
    });
  }
  const recorder = createRecorder({ statement: explained.slice.text, startedAt: environment.clock(), clock: environment.clock });
  const explanation = await explanationOf(environment, statement, options);
  if (!explained.analyze) {
    recorder.finish(true);
    return explanationCursor(explanation, recorder.receipt());
  }
  const cursor = await run(statement, options);
  for await (const _batch of cursor.batches);
  return explanationCursor(explanation, cursor.receipt(), cursor.receipt());
}

async function explanationOf(environment: Environment, statement: Statement, options: ExecuteOptions): Promise<Explanation> {
  switch (statement.kind) {
    case 'query':
      return explainQuery(environment, statement.query, options);
    case 'create':
      return statement.query === undefined ? nothing() : explainQuery(environment, statement.query, options);
    case 'insert':
      return write(environment, options, statement.relation.parts, 'INSERT', statement.source);
    case 'update':
    case 'replace':
      return write(
        environment,
        options,
        statement.relation.parts,
        statement.kind === 'update' ? 'UPDATE' : 'REPLACE',
        targets(statement.relation.text, statement.alias, statement.from, statement.where),
        statement,
      );
    case 'delete':
      return write(
        environment,
        options,
        statement.relation.parts,
        'DELETE',
        targets(statement.relation.text, statement.alias, statement.using, statement.where),
        statement,
      );
    case 'exec':
      return write(environment, options, statement.method.parts.slice(0, -1), 'EXEC', statement.forEach, statement);
    case 'explain':
      return explanationOf(environment, statement.statement, options);
    default:
      return nothing();
  }
}

function nothing(): Explanation {
  return { calls: 0, seconds: 0, buckets: [], steps: [] };
}

function targets(relation: string, alias: string | undefined, more: TextSlice | undefined, where: TextSlice | undefined): TextSlice {
  const from = `${relation}${alias === undefined ? '' : ` AS ${alias}`}${more === undefined ? '' : `, ${more.text}`}`;
  return { text: `SELECT 1 FROM ${from}${where === undefined ? '' : ` WHERE ${where.text}`}`, offset: 0 };
}

/** The reads that find a write's targets, then one call a row. */
async function write(
  environment: Environment,
  options: ExecuteOptions,
  parts: readonly string[],
  verb: SqlVerb,
  source: TextSlice | undefined,
  statement?: AddressingStatement | (Statement & { readonly kind: 'exec' }),
): Promise<Explanation> {
  const full = [...environment.scope().slice(0, Math.max(0, 3 - parts.length)), ...parts];
  const [provider = '', service = '', resource = ''] = full;
  if (full.length !== 3) return nothing();
  const relation = await environment.catalog.relation(provider, service, resource);
  const direct = statement === undefined || statement.kind === 'exec' ? undefined : directly(relation, verb, statement, options);
  const method = direct?.method ?? methodFor(relation, verb, statement?.kind === 'exec' ? statement.method.parts.at(-1) : undefined);
  const reads = direct === undefined ? await readsFor(environment, options, relation, verb, source) : nothing();
  const rows = direct?.calls ?? (source === undefined ? 1 : await localRows(environment, options, verb, source, reads));
  const facts = relation.overlay.methods[method.name] ?? {};
  const step: ExplainStep = {
    relation: relation.id,
    method: method.name,
    http: `${method.http.verb} ${method.http.path}`,
    bindings: {},
    pushed: [],
    residual: [],
    pages: null,
    calls: rows,
    basis: rows === null ? 'guess' : 'exact',
  };
  return {
    calls: reads.calls === null || rows === null ? null : reads.calls + rows,
    seconds: rows === null ? null : reads.seconds,
    buckets: withCalls(reads.buckets, { bucket: facts.bucket ?? 'other', calls: rows, limitPerMinute: facts.limitPerMinute ?? null }),
    steps: [...reads.steps, step],
  };
}

type AddressingStatement = Statement & { readonly kind: 'update' | 'replace' | 'delete' };

/** What a change calls whose targets its WHERE names outright. What RETURNING shows of a deleted row is read before. */
function directly(
  relation: Relation,
  verb: SqlVerb,
  statement: AddressingStatement,
  options: ExecuteOptions,
): ReturnType<typeof addressed> {
  if (statement.kind === 'delete' && statement.returning !== undefined) return undefined;
  const set =
    statement.kind === 'delete'
      ? []
      : statement.assignments.map(({ column, value }) => ({
          name: { parts: column.parts, slice: column, role: 'value' as const },
          value,
        }));
  return addressed({
    verb,
    relation,
    alias: statement.alias,
    others: statement.kind === 'delete' ? statement.using : statement.from,
    where: statement.where,
    ctes: statement.ctes,
    set,
    statement: statement.slice,
    allowAll: options.allowAll ?? false,
  });
}

/** Reads and writes may share a bucket. */
function withCalls(buckets: Explanation['buckets'], more: Explanation['buckets'][number]): Explanation['buckets'] {
  const shared = buckets.find(({ bucket }) => bucket === more.bucket);
  if (shared === undefined) return [...buckets, more];
  const calls = shared.calls === null || more.calls === null ? null : shared.calls + more.calls;
  return buckets.map((one) => (one === shared ? { ...one, calls } : one));
}

function methodFor(relation: Relation, verb: SqlVerb, named: string | undefined): Method {
  const found =
    named === undefined
      ? relation.methods.find((method) => method.verbs.includes(verb))
      : relation.methods.find((method) => method.name.toLowerCase() === named.toLowerCase());
  if (found !== undefined) return found;
  throw new OrgqlError(
    'unknown_method',
    named === undefined ? `${relation.id} has no method for ${verb}` : `${relation.id} has no method ${named}`,
    {
      hint: `SHOW METHODS IN ${relation.id} lists what it has.`,
    },
  );
}

/** A change whose key is given outright reads nothing beforehand. */
async function readsFor(
  environment: Environment,
  options: ExecuteOptions,
  relation: Relation,
  verb: SqlVerb,
  source: TextSlice | undefined,
): Promise<Explanation> {
  if (source === undefined || /^\s*(values|default)\b/i.test(source.text)) return nothing();
  if (verb !== 'INSERT' && verb !== 'EXEC' && !relation.methods.some((method) => method.verbs.includes('SELECT'))) return nothing();
  return explainQuery(environment, source, options);
}

async function localRows(
  environment: Environment,
  options: ExecuteOptions,
  verb: SqlVerb,
  source: TextSlice,
  reads: Explanation,
): Promise<number | null> {
  if (reads.steps.length > 0 || verb === 'UPDATE' || verb === 'DELETE' || verb === 'REPLACE')
    // One call of a list may find many rows; only a look-up of one object surely finds no more than one.
    return verb !== 'INSERT' && reads.steps.every(({ calls, http }) => calls === 1 && http.endsWith('}')) ? 1 : null;
  if (/^\s*default\b/i.test(source.text)) return 1;
  const engine = await environment.engine();
  const { rows } = await engine.rows(`SELECT count(*) FROM (${source.text})`, options.parameters ?? {});
  return Number(rows[0]?.[0] ?? 0);
}

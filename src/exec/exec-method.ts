import type { Json, Method, Relation } from '../catalog/types.ts';
import type { SqlValue } from '../engine/types.ts';
import type { NameSlice, Statement } from '../sql/statement.ts';
import { OrgqlError } from '../util/errors.ts';
import { suggest } from '../util/suggestions.ts';
import { compose } from './compose.ts';
import { type Evaluation, evaluate, queryRows } from './expressions.ts';
import type { Cursor } from './types.ts';
import { planCall } from './write-calls.ts';
import { located, resolveRelation } from './write-context.ts';
import { cursorOf } from './write-cursor.ts';
import { chooseAmong, type GivenName, mandatoryParameters } from './write-inputs.ts';
import { parseJsonExact } from './write-json.ts';
import { replyItems, replyRows } from './write-reply.ts';
import { count, type PlannedCall, runCalls } from './write-run.ts';

type ExecStatement = Statement & { readonly kind: 'exec' };

/**
 * `EXEC relation.method`: once with the `@parameters` given, or once for each row of FOR EACH. Answers come as rows with the columns
 * of the response. Throws `unknown_method`, `unknown_parameter`, `required_parameter_missing`, and what the HTTP layer throws.
 */
export async function execMethod(evaluation: Evaluation, statement: ExecStatement): Promise<Cursor> {
  const { context, recorder, options } = evaluation;
  const relation = await execRelation(evaluation, statement.method);
  const methods = methodsOf(relation, statement.method);
  const { names, rows, body } = await execInputs(evaluation, statement);
  const chosen = chooseAmong(relation, methods, names, 'exec', { hasWholeBody: body !== undefined });
  const { method } = chosen;
  const calls: PlannedCall[] = [];
  for (const [index, values] of rows.entries()) {
    calls.push(
      await planCall(context.environment, {
        relation,
        chosen,
        values,
        clause: 'exec',
        body,
        row: rows.length === 1 ? undefined : index + 1,
      }),
    );
  }
  const secrets = relation.overlay.relation.secrets ?? [];
  const items = await answerItems(evaluation, {
    relation,
    statement: statement.slice.text,
    method: `${relation.id}.${method.name}`,
    calls,
    warnings: [],
    secrets,
  });
  const message = `${method.name}: ${count(calls.length, 'call')} made${calls.length === 1 && calls[0] !== undefined && calls[0].label !== '' ? ` (${calls[0].label})` : ''}`;
  // An empty object says no more than that the call was made.
  if (items.every(isEmptyObject)) return cursorOf({ kind: 'effect', command: 'EXEC', receipt: recorder.receipt(0), message });
  return cursorOf({
    kind: 'rows',
    command: 'EXEC',
    receipt: recorder.receipt(items.length),
    message,
    ...replyRows(relation, method, items),
  });

  // A method that only reads is read to its last page.
  async function answerItems(evaluation: Evaluation, plan: Parameters<typeof runCalls>[1]): Promise<readonly unknown[]> {
    if (plan.calls.every(({ call }) => call.intent === 'read')) {
      const http = await evaluation.context.environment.http();
      const found: unknown[] = [];
      for (const { call } of plan.calls) {
        const pages = http.pages({
          ...call,
          observer: recorder.observer,
          ...(options.signal === undefined ? {} : { signal: options.signal }),
        });
        for await (const page of pages) found.push(...replyItems(page.bytes, page.rowsPath));
      }
      return found;
    }
    const replies = await runCalls(evaluation.context, plan, recorder, options);
    return replies.flatMap((reply) => replyItems(reply.bytes, method.response.rowsPath));
  }
}

async function execRelation(evaluation: Evaluation, name: NameSlice): Promise<Relation> {
  return resolveRelation(evaluation.context.environment, { ...name, parts: name.parts.slice(0, -1) });
}

/** The methods that a name may mean, the one that requires most first. */
function methodsOf(relation: Relation, name: NameSlice): readonly Method[] {
  const wanted = name.parts.at(-1) ?? '';
  const lower = wanted.toLowerCase();
  const method = relation.methods.find((one) => one.name === wanted) ?? relation.methods.find((one) => one.name.toLowerCase() === lower);
  const overloads = relation.methods.filter((one) => one !== method && one.overloads?.toLowerCase() === lower);
  const found = [...(method === undefined ? [] : [method]), ...overloads];
  if (found.length > 0) return found.sort((a, b) => mandatoryParameters(b).length - mandatoryParameters(a).length);
  const names = relation.methods.filter((one) => one.hidden !== true).map((one) => one.name);
  const near = suggest(wanted, names);
  throw located(
    new OrgqlError('unknown_method', `${relation.id} has no method "${wanted}"`, {
      detail: names.length === 0 ? 'It has no methods' : `It has ${names.join(', ')}`,
      hint: near === undefined ? `SHOW METHODS IN ${relation.id} lists them` : `did you mean "${near}"?`,
    }),
    name,
  );
}

interface ExecInputs {
  readonly names: readonly GivenName[];
  readonly rows: readonly (readonly SqlValue[])[];
  readonly body: Json | undefined;
}

async function execInputs(evaluation: Evaluation, statement: ExecStatement): Promise<ExecInputs> {
  const { parameters, json, forEach } = statement;
  const values = await evaluate(evaluation, [...parameters.map((parameter) => parameter.value), ...(json === undefined ? [] : [json])]);
  const body = json === undefined ? undefined : wholeBody(values.at(-1) ?? null, json);
  const fixedNames = parameters.map((parameter): GivenName => ({ parts: [parameter.name], slice: parameter.slice, role: 'key' }));
  const fixed = values.slice(0, parameters.length);
  if (forEach === undefined) return { names: fixedNames, rows: [fixed], body };
  const { columns, rows } = await queryRows(evaluation, compose([forEach]));
  const twice = columns.find((column) => parameters.some((parameter) => parameter.name.toLowerCase() === column.name.toLowerCase()));
  if (twice !== undefined)
    throw new OrgqlError('syntax_error', `"${twice.name}" is given twice: by @${twice.name} and by FOR EACH`, {
      span: { offset: forEach.offset, length: forEach.text.length },
    });
  const names = [...fixedNames, ...columns.map((column): GivenName => ({ parts: [column.name], slice: forEach, role: 'key' }))];
  return { names, rows: distinct(rows).map((row) => [...fixed, ...row]), body };
}

function isEmptyObject(item: unknown): boolean {
  return typeof item === 'object' && item !== null && Object.keys(item).length === 0;
}

/** A row that occurs twice asks for one and the same call, which is made once. */
function distinct(rows: readonly (readonly SqlValue[])[]): readonly (readonly SqlValue[])[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const key = JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

function wholeBody(value: SqlValue, slice: { readonly text: string; readonly offset: number }): Json {
  const span = { offset: slice.offset, length: slice.text.length };
  if (typeof value !== 'string')
    throw new OrgqlError('type_mismatch', '@@json takes JSON text', { hint: `write @@json = '{"name": "value"}'`, span });
  try {
    return parseJsonExact(value);
  } catch (cause) {
    if (cause instanceof OrgqlError) throw located(cause, slice);
    throw new OrgqlError('type_mismatch', '@@json is not valid JSON', {
      detail: cause instanceof Error ? cause.message : String(cause),
      hint: `write @@json = '{"name": "value"}'`,
      span,
      cause,
    });
  }
}

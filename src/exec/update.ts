import type { Json, Method, Relation } from '../catalog/types.ts';
import type { MethodCall } from '../http/types.ts';
import type { Statement } from '../sql/statement.ts';
import { OrgqlError } from '../util/errors.ts';
import type { Evaluation } from './expressions.ts';
import type { Cursor, Notice } from './types.ts';
import { writable } from './write-body.ts';
import { planCall } from './write-calls.ts';
import { carryOut } from './write-effect.ts';
import { type GivenName, mandatoryParameters } from './write-inputs.ts';
import { isJsonObject, parseJsonExact } from './write-json.ts';
import type { PlannedCall } from './write-run.ts';
import { findTargets, stripQualifier } from './write-targets.ts';

type UpdateStatement = Statement & { readonly kind: 'update' | 'replace' };

/**
 * UPDATE and REPLACE on an API relation: one request for each target. Where the API can only replace an object whole (PUT), UPDATE
 * reads it first and sends it back with the changes, so that what is not named stays; REPLACE sends what it names and nothing else.
 */
export async function updateRows(evaluation: Evaluation, relation: Relation, statement: UpdateStatement): Promise<Cursor> {
  const { alias, from, where, ctes, slice, returning, assignments } = statement;
  const { environment } = evaluation.context;
  const verb = statement.kind === 'update' ? 'UPDATE' : 'REPLACE';
  const set = assignments.map(({ column, value }) => ({
    name: { parts: stripQualifier(column.parts, relation, alias), slice: column, role: 'value' } satisfies GivenName,
    value,
  }));
  const { chosen, rows } = await findTargets(evaluation, {
    verb,
    relation,
    alias,
    others: from,
    where,
    ctes,
    set,
    statement: slice,
    allowAll: evaluation.options.allowAll ?? false,
  });
  const calls: PlannedCall[] = [];
  for (const values of rows) calls.push(await planCall(environment, { relation, chosen, values, clause: 'where' }));

  const notices: Notice[] = [];
  const warnings: string[] = [];
  const isWhole = chosen.method.http.verb === 'PUT' && chosen.method.body !== undefined;
  if (verb === 'UPDATE' && isWhole) {
    const reader = readerOf(relation, chosen.method);
    if (reader === undefined) {
      warnings.push(`${relation.id} can only be replaced whole and cannot be read by key: what SET does not name may be lost`);
      notices.push({ code: 'replaced_whole', message: warnings.join() });
    } else {
      for (const [index, planned] of calls.entries()) {
        const current = await readObject(evaluation, relation, reader, planned.call);
        const values = rows[index] ?? [];
        calls[index] = await planCall(environment, {
          relation,
          chosen,
          values,
          clause: 'where',
          body: writable(chosen.method.body, current),
        });
      }
    }
  }
  return carryOut(evaluation, {
    statement,
    command: verb,
    relation,
    method: chosen.method,
    calls,
    participle: verb === 'UPDATE' ? 'updated' : 'replaced',
    returning,
    alias,
    warnings,
    notices,
  });
}

/** The reading method at the same path: what a full replacement replaces. */
function readerOf(relation: Relation, method: Method): Method | undefined {
  const path = plainPath(method);
  const supplied = new Set(method.parameters.map((parameter) => parameter.name));
  return relation.methods.find(
    (one) =>
      one.http.verb === 'GET' && plainPath(one) === path && mandatoryParameters(one).every((parameter) => supplied.has(parameter.name)),
  );
}

function plainPath(method: Method): string {
  return (method.http.path.split('?')[0] ?? '').replace(/\{[^{}]*\}/g, '{}');
}

async function readObject(evaluation: Evaluation, relation: Relation, reader: Method, write: MethodCall): Promise<Json> {
  const http = await evaluation.context.environment.http();
  const names = new Set(reader.parameters.map((parameter) => parameter.name));
  const { signal } = evaluation.options;
  const reply = await http.send({
    method: reader,
    facts: relation.overlay.methods[reader.name] ?? {},
    org: write.org,
    parameters: Object.fromEntries(Object.entries(write.parameters).filter(([name]) => names.has(name))),
    intent: 'read',
    observer: evaluation.recorder.observer,
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    let found: Json | undefined = parseJsonExact(new TextDecoder().decode(reply.bytes));
    for (const key of reader.response.rowsPath) found = isJsonObject(found) && key in found ? found[key] : found;
    const object = Array.isArray(found) ? found[0] : found;
    if (isJsonObject(object)) return object;
  } catch (cause) {
    throw new OrgqlError('invalid_response', `${relation.id}.${reader.name} did not answer with an object that can be changed`, {
      detail: 'Nothing was changed',
      cause,
    });
  }
  throw new OrgqlError('invalid_response', `${relation.id}.${reader.name} did not answer with an object`, {
    detail: 'Nothing was changed',
  });
}

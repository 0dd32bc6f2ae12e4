import type { Method, Relation, SqlVerb } from '../../catalog/types.ts';
import { publishedMethods } from '../facts.ts';
import { code } from '../model/text.ts';
import { bodyColumn, inputsOf, methodsFor } from './inputs.ts';
import { conditionsOf, type ExampleValues, type PlannedExample, parameterValue } from './select.ts';
import { sqlName, sqlRelation, sqlText, whereClause } from './sql-text.ts';
import { sampleJson, sampleLiteral, sampleParameter } from './values.ts';

/** A statement that changes something, and whether all of its values are real ones. */
export interface WriteExample extends PlannedExample {
  readonly verb: SqlVerb;
  readonly method: string;
}

/** INSERT, UPDATE, REPLACE, DELETE and EXEC on one relation: what each method needs, and no more. */
export function writeExamples(relation: Relation, values: ExampleValues): readonly WriteExample[] {
  const insert = first(relation, 'INSERT');
  const update = first(relation, 'UPDATE');
  const replace = first(relation, 'REPLACE');
  const remove = first(relation, 'DELETE');
  return [
    ...(insert === undefined ? [] : [insertExample(relation, insert, values)]),
    ...(update === undefined ? [] : [setExample(relation, update, 'UPDATE', values)]),
    ...(replace === undefined ? [] : [setExample(relation, replace, 'REPLACE', values)]),
    ...(remove === undefined ? [] : [deleteExample(relation, remove, values)]),
    ...publishedMethods(relation)
      .filter((method) => method.verb === 'EXEC')
      .map((method) => execExample(relation, method, values)),
  ];
}

function first(relation: Relation, verb: SqlVerb): Method | undefined {
  return methodsFor(relation, verb)[0];
}

function insertExample(relation: Relation, method: Method, values: ExampleValues): WriteExample {
  const { parameters, server, body } = inputsOf(method);
  const given = [
    ...parameters.map((parameter) => [sqlName(parameter.name), parameterValue(parameter, relation, values)] as const),
    ...body.map((property) => [sqlName(bodyColumn(method, property)), bodyValue(method, property)] as const),
    ...server.map((variable) => [sqlName(variable.name), serverValue(variable, values)] as const),
  ];
  if (given.length === 0) return { ...execExample(relation, method, values), verb: 'INSERT' };
  const sql = `INSERT INTO ${sqlRelation(relation.id)} (${given.map(([name]) => name).join(', ')})\nVALUES (${given.map(([, value]) => value).join(', ')});`;
  return { ...about(method, 'INSERT'), sql };
}

function setExample(relation: Relation, method: Method, verb: 'UPDATE' | 'REPLACE', values: ExampleValues): WriteExample {
  const body = inputsOf(method).body;
  // Without a body there is nothing to SET; the method is called by its name.
  if (body.length === 0) return { ...execExample(relation, method, values), verb };
  const changes = body.map((property) => `${sqlName(bodyColumn(method, property))} = ${bodyValue(method, property)}`);
  const sql = `${verb} ${sqlRelation(relation.id)}\nSET ${changes.join(', ')}${whereClause(conditionsOf(method, relation, values))};`;
  return { ...about(method, verb), sql };
}

function deleteExample(relation: Relation, method: Method, values: ExampleValues): WriteExample {
  return {
    ...about(method, 'DELETE'),
    sql: `DELETE FROM ${sqlRelation(relation.id)}${whereClause(conditionsOf(method, relation, values))};`,
  };
}

function execExample(relation: Relation, method: Method, values: ExampleValues): WriteExample {
  const { parameters, server } = inputsOf(method);
  const args = [
    ...parameters.map((parameter) => `@${sqlName(parameter.name)} = ${parameterValue(parameter, relation, values)}`),
    ...server.map((variable) => `@${sqlName(variable.name)} = ${serverValue(variable, values)}`),
  ];
  const required = method.body?.requiredProperties ?? [];
  if (method.body !== undefined && (required.length > 0 || method.body.required)) {
    const properties = inputsOf(method).body;
    const body = Object.fromEntries(properties.map((name) => [name, bodyJson(method, name)]));
    args.push(`@@json = ${sqlText(JSON.stringify(body))}`);
  }
  return {
    ...about(method, 'EXEC'),
    sql: `EXEC ${sqlRelation(relation.id)}.${sqlName(method.name)}${args.length === 0 ? '' : `\n  ${args.join(',\n  ')}`};`,
  };
}

function about(method: Method, verb: SqlVerb): Omit<WriteExample, 'sql'> {
  return {
    kind: 'example',
    title: method.name,
    intro: ['Sends ', code(`${method.http.verb} ${method.http.path}`), '.'],
    verb,
    method: method.name,
  };
}

function bodyValue(method: Method, property: string): string {
  const shape = method.body?.shape?.properties().get(property);
  return shape === undefined ? sqlText(property.toUpperCase()) : sampleLiteral(property, shape);
}

function bodyJson(method: Method, property: string): unknown {
  const shape = method.body?.shape?.properties().get(property);
  return shape === undefined ? property.toUpperCase() : sampleJson(property, shape, 0);
}

function serverValue(variable: Parameters<typeof sampleParameter>[0], values: ExampleValues): string {
  const known = values.server[variable.name];
  return known === undefined ? sampleParameter(variable) : sqlText(known);
}

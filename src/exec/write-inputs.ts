import type { Method, Parameter, Relation, RequestBody, Shape, SqlVerb } from '../catalog/types.ts';
import type { TextSlice } from '../sql/statement.ts';
import { OrgqlError } from '../util/errors.ts';
import { suggest } from '../util/suggestions.ts';

/** A name that a statement gives a value to: a column of INSERT or SET, a name in WHERE, an `@parameter`. */
export interface GivenName {
  readonly parts: readonly string[];
  readonly slice: TextSlice;
  /** Where the value stands: SET names the body first, everything else parameters first. */
  readonly role: 'key' | 'value';
}

/** Where the value of a given name travels. */
export type Input =
  | { readonly kind: 'parameter'; readonly parameter: Parameter }
  /** `path`: keys within the body, as on the wire. */
  | { readonly kind: 'body'; readonly path: readonly string[]; readonly shape: Shape | undefined; readonly isText: boolean };

/** A method with the way each given name takes, in the order given. */
export interface ChosenMethod {
  readonly method: Method;
  readonly inputs: readonly Input[];
}

/** How the clause of a statement supplies a missing parameter: for hints. */
export type Clause = 'insert' | 'where' | 'exec';

/** Every parameter of a method, the variables of its server included. */
export function allParameters(method: Method): readonly Parameter[] {
  const known = new Set(method.parameters.map((parameter) => parameter.name));
  const variables = (method.http.servers[0]?.variables ?? []).filter((variable) => !known.has(variable.name));
  return [...method.parameters, ...variables];
}

/** Parameters that a statement must give: neither the org nor a default supplies them. */
export function mandatoryParameters(method: Method): readonly Parameter[] {
  return method.parameters.filter((parameter) => parameter.required && parameter.location !== 'server' && parameter.default === undefined);
}

/**
 * The method that serves `verb` with the names given: the first in document order whose required parameters are all there and that
 * knows every name. Throws `unknown_method`, `unknown_parameter` (with a suggestion), `required_parameter_missing` (with remedies).
 */
export function chooseMethod(
  relation: Relation,
  verb: SqlVerb,
  given: readonly GivenName[],
  clause: Clause,
  options: { readonly hasWholeBody?: boolean } = {},
): ChosenMethod {
  const methods = methodsFor(relation, verb);
  if (methods.length === 0) throw noMethod(relation, verb);
  return chooseAmong(relation, methods, given, clause, options);
}

/** As `chooseMethod`, among given methods. */
export function chooseAmong(
  relation: Relation,
  methods: readonly Method[],
  given: readonly GivenName[],
  clause: Clause,
  options: { readonly hasWholeBody?: boolean } = {},
): ChosenMethod {
  const fits = methods.map((method) => matchMethod(relation, method, given, options.hasWholeBody ?? false));
  const right = fits.find((one) => one.missing.length === 0 && one.unknown.length === 0);
  if (right !== undefined) return { method: right.method, inputs: right.inputs.flatMap((input) => input ?? []) };
  const nearest = [...fits].sort((a, b) => a.missing.length + a.unknown.length - (b.missing.length + b.unknown.length))[0];
  if (nearest === undefined) throw new OrgqlError('unknown_method', `${relation.id} has no such method`);
  const errors = [
    ...nearest.unknown.map((name) => unknownName(relation, nearest.method, name)),
    ...(nearest.missing.length === 0 ? [] : [missingNames(relation, nearest.method, nearest.missing, clause)]),
  ];
  const [first, ...others] = errors;
  if (first === undefined) throw new OrgqlError('internal', `No method of ${relation.id} fits`);
  if (others.length === 0) throw first;
  throw new OrgqlError(first.code, first.message, { ...parts(first), others });
}

/** The methods that serve a verb, best first: what merges comes before what replaces. */
export function methodsFor(relation: Relation, verb: SqlVerb): readonly Method[] {
  const listed = relation.candidates[verb] ?? [];
  const first = listed.flatMap((name) => relation.methods.find((method) => method.name === name) ?? []);
  const declared = [...first, ...relation.methods.filter((method) => method.verbs.includes(verb) && !first.includes(method))];
  if (verb === 'UPDATE') {
    const named =
      declared.length > 0
        ? declared
        : relation.methods.filter((method) => /^(partial_?update|update|patch|put)$/i.test(method.name) && method.verbs.includes('EXEC'));
    return [...named.filter((method) => method.http.verb !== 'PUT'), ...named.filter((method) => method.http.verb === 'PUT')];
  }
  if (verb === 'REPLACE' && declared.length === 0)
    return relation.methods.filter(
      (method) => method.http.verb === 'PUT' && (method.verbs.includes('UPDATE') || /^(update|replace|put)$/i.test(method.name)),
    );
  return declared;
}

/** Where a given name travels in a call of this method, or `undefined` where the method has no such input. */
export function resolveInput(relation: Relation, method: Method, name: GivenName): Input | undefined {
  const [head = '', ...rest] = name.parts;
  const prefixed = /^data__/i.test(head);
  if (prefixed) {
    const exact = bodyInput(method.body, [head.slice('data__'.length), ...rest]);
    if (exact !== undefined) return exact;
  }
  if (name.role === 'value') return bodyInput(method.body, name.parts) ?? parameterInput(relation, method, name.parts);
  return parameterInput(relation, method, name.parts) ?? bodyInput(method.body, name.parts);
}

/** The parameter of a method that a name means: its own name, an alias, or the column that the overlay says equals it. */
export function findParameter(relation: Relation, method: Method, name: string): Parameter | undefined {
  const wanted = name.toLowerCase();
  const parameters = allParameters(method);
  const own = parameters.find(
    (parameter) => parameter.name.toLowerCase() === wanted || parameter.aliases?.some((alias) => alias.toLowerCase() === wanted),
  );
  if (own !== undefined) return own;
  const identity = Object.entries(relation.overlay.relation.identity ?? {}).find(
    ([parameter, column]) => column.toLowerCase() === wanted && parameters.some((one) => one.name === parameter),
  );
  return identity === undefined ? undefined : parameters.find((one) => one.name === identity[0]);
}

/** The top-level properties that a body takes, by their names on the wire. Empty where the document does not say. */
export function bodyProperties(body: RequestBody): ReadonlyMap<string, Shape> {
  let shape = body.shape;
  for (const key of underPath(body)) shape = shape?.properties().get(key);
  return shape?.properties() ?? new Map();
}

/** Keys that lead from the body to where its properties stand. */
export function underPath(body: RequestBody): readonly string[] {
  return body.naming.kind === 'naive' && body.naming.under !== undefined ? body.naming.under.split('.') : [];
}

function parameterInput(relation: Relation, method: Method, path: readonly string[]): Input | undefined {
  const parameter = findParameter(relation, method, path.join('.'));
  return parameter === undefined ? undefined : { kind: 'parameter', parameter };
}

function bodyInput(body: RequestBody | undefined, path: readonly string[]): Input | undefined {
  if (body === undefined) return undefined;
  const properties = bodyProperties(body);
  const [head = '', ...rest] = path;
  const found = findProperty(body, properties, head);
  if (found !== undefined) return nested(body, found, rest);
  // A quoted name may hold the whole path: "profile.login".
  if (head.includes('.')) return bodyInput(body, [...head.split('.'), ...rest]);
  if (properties.size > 0) return undefined;
  return { kind: 'body', path: [...underPath(body), ...path], shape: undefined, isText: false };
}

function findProperty(
  body: RequestBody,
  properties: ReadonlyMap<string, Shape>,
  name: string,
): { readonly name: string; readonly shape: Shape } | undefined {
  const exact = properties.get(name);
  if (exact !== undefined) return { name, shape: exact };
  const wanted = name.toLowerCase();
  for (const [key, shape] of properties) if (key.toLowerCase() === wanted) return { name: key, shape };
  for (const [alias, key] of Object.entries(body.aliases ?? {})) {
    const shape = alias.toLowerCase() === wanted ? properties.get(key) : undefined;
    if (shape !== undefined) return { name: key, shape };
  }
  return undefined;
}

// Deeper names are not held against the schema: profiles have properties of the org's own.
function nested(body: RequestBody, top: { readonly name: string; readonly shape: Shape }, rest: readonly string[]): Input {
  let shape: Shape | undefined = top.shape;
  const path = [...underPath(body), top.name];
  for (const name of rest) {
    const known: ReadonlyMap<string, Shape> = shape?.properties() ?? new Map();
    const key = known.has(name) ? name : ([...known.keys()].find((one) => one.toLowerCase() === name.toLowerCase()) ?? name);
    shape = known.get(key) ?? shape?.items();
    path.push(key);
  }
  return { kind: 'body', path, shape, isText: rest.length === 0 && (body.textProperties?.includes(top.name) ?? false) };
}

interface Fit {
  readonly method: Method;
  readonly inputs: readonly (Input | undefined)[];
  readonly missing: readonly string[];
  readonly unknown: readonly GivenName[];
}

function matchMethod(relation: Relation, method: Method, given: readonly GivenName[], hasWholeBody: boolean): Fit {
  const inputs = given.map((name) => resolveInput(relation, method, name));
  const supplied = new Set(inputs.flatMap((input) => (input?.kind === 'parameter' ? [input.parameter.name] : [])));
  const missing = mandatoryParameters(method).flatMap((parameter) => (supplied.has(parameter.name) ? [] : [parameter.name]));
  const under = method.body === undefined ? 0 : underPath(method.body).length;
  const body = new Set(inputs.flatMap((input) => (input?.kind === 'body' ? [input.path[under]] : [])));
  if (!hasWholeBody) {
    for (const name of method.requiredParams) {
      const property = name.replace(/^data__/, '');
      const isBody = method.body !== undefined && !allParameters(method).some((parameter) => parameter.name === name);
      if (isBody && !body.has(property) && !(method.body?.base !== undefined && Object.hasOwn(method.body.base, property)))
        missing.push(name);
    }
  }
  return { method, inputs, missing, unknown: given.filter((_, index) => inputs[index] === undefined) };
}

function noMethod(relation: Relation, verb: SqlVerb): OrgqlError {
  const verbs = [...new Set(relation.methods.flatMap((method) => method.verbs))].filter((one) => one !== 'EXEC');
  const execs = relation.methods.filter((method) => method.verb === 'EXEC').map((method) => method.name);
  return new OrgqlError('unknown_method', `${relation.id} has no method for ${verb}`, {
    detail:
      verbs.length === 0
        ? 'The API offers only what EXEC reaches'
        : `The API offers ${verbs.join(', ')} here${execs.length === 0 ? '' : `, and EXEC ${execs.join(', ')}`}`,
    hint: `SHOW METHODS IN ${relation.id} lists them`,
  });
}

function unknownName(relation: Relation, method: Method, name: GivenName): OrgqlError {
  const written = name.parts.join('.');
  const known = inputNames(method);
  const near =
    suggest(written.replace(/^data__/i, ''), known) ??
    (name.parts[0] === undefined ? undefined : suggest(name.parts[0].replace(/^data__/i, ''), known));
  return new OrgqlError('unknown_parameter', `${relation.id}.${method.name} has no parameter or property "${written}"`, {
    detail:
      known.length === 0
        ? 'The method takes no input'
        : `It takes ${known.length > 25 ? `${known.slice(0, 25).join(', ')}, ...` : known.join(', ')}`,
    hint:
      near === undefined
        ? `SHOW EXTENDED METHODS IN ${relation.id} and DESCRIBE EXTENDED ${relation.id} list what there is`
        : `did you mean "${near}"?`,
    span: { offset: name.slice.offset, length: name.slice.text.length },
  });
}

/** Names of everything that a method can be given: parameters, then body properties. */
export function inputNames(method: Method): readonly string[] {
  const properties =
    method.body === undefined
      ? []
      : [...bodyProperties(method.body).entries()].filter(([, shape]) => shape.readOnly !== true).map(([name]) => name);
  return [...new Set([...allParameters(method).map((parameter) => parameter.name), ...properties])];
}

/** The error for parameters that a method needs and a statement does not give, with what to write. */
export function missingNames(relation: Relation, method: Method, names: readonly string[], clause: Clause): OrgqlError {
  const list = names.map((name) => `"${name}"`).join(', ');
  const [first = ''] = names;
  const hint = {
    insert: `add ${names.length === 1 ? 'the column' : 'the columns'} ${names.join(', ')} to the INSERT, with ${names.length === 1 ? 'a value' : 'values'}, or let a query supply ${names.length === 1 ? 'it' : 'them'}: INSERT INTO ${relation.id} (${names.join(', ')}, ...) SELECT ...`,
    where: `add  WHERE ${names.map((name) => `${name} = '...'`).join(' AND ')}  or take the values from a query:  WHERE ${first} IN (SELECT ...)`,
    exec: `add  ${names.map((name) => `@${name} = '...'`).join(', ')}  or call it for each row of a query:  FOR EACH (SELECT ... AS ${first})`,
  }[clause];
  return new OrgqlError('required_parameter_missing', `${relation.id}.${method.name} needs a value for ${list}`, {
    detail: `It is called as ${method.http.verb} ${method.http.path}`,
    hint,
  });
}

function parts(error: OrgqlError): { detail?: string; hint?: string; span?: { offset: number; length: number } } {
  return {
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.span === undefined ? {} : { span: error.span }),
  };
}

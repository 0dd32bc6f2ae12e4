import type { Method, Parameter, Relation, SqlVerb } from '../../catalog/types.ts';
import { publishedMethods } from '../facts.ts';

/** What a method asks for, in the order of RequiredParams. */
export interface Inputs {
  /** Required parameters that travel in the path, query or headers. */
  readonly parameters: readonly Parameter[];
  /** Variables of the server's address. */
  readonly server: readonly Parameter[];
  /** Top-level properties of the body to give, `[name, ...]`. */
  readonly body: readonly string[];
}

/** The methods that serve a verb, in the order in which they are tried. */
export function methodsFor(relation: Relation, verb: SqlVerb): readonly Method[] {
  const named = (relation.candidates[verb] ?? []).flatMap((name) => relation.methods.find((method) => method.name === name) ?? []);
  return named.length > 0 ? named : publishedMethods(relation).filter((method) => method.verb === verb);
}

/** What must be given. Where the document requires nothing of the body, its first writable properties stand for what one would send. */
export function inputsOf(method: Method): Inputs {
  const server = method.http.servers[0]?.variables ?? [];
  const required = method.parameters.filter((parameter) => parameter.required && isNamed(method, parameter));
  return { parameters: required, server: server.filter((variable) => isNamed(method, variable)), body: bodyProperties(method) };
}

// A parameter that the document requires but supplies itself (a fixed header) is not asked for.
function isNamed(method: Method, parameter: Parameter): boolean {
  return method.requiredParams.includes(parameter.name);
}

function bodyProperties(method: Method): readonly string[] {
  const { body } = method;
  if (body === undefined) return [];
  if (body.requiredProperties.length > 0) return body.requiredProperties;
  const writable = [...(body.shape?.properties() ?? [])].filter(
    ([name, shape]) => shape.readOnly !== true && !name.startsWith('_') && name !== 'id',
  );
  const telling = writable.filter(([name, shape]) => TELLING.has(name) && (name === 'profile' || shape.sqlType !== 'JSON'));
  return (telling.length > 0 ? telling : writable).slice(0, 2).map(([name]) => name);
}

const TELLING = new Set(['name', 'label', 'title', 'profile', 'description', 'status', 'type']);

/** What a statement calls a property of the body. */
export function bodyColumn(method: Method, property: string): string {
  const naming = method.body?.naming;
  return naming?.kind === 'naive' ? property : `data__${property}`;
}

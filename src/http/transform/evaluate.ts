import { OrgqlError } from '../../util/errors.ts';
import { callFunction, isTruthy, printValue } from './functions.ts';
import { parseTemplate } from './parse.ts';
import type { Node, Operand, Pipeline, Template } from './syntax.ts';

/** Decoded JSON, a map, a function made by `separator`, ... */
export type Value = unknown;

type Scope = Map<string, Value>;
type Signal = 'break' | 'continue' | undefined;

/** Renders a template over `data` (its `.` and `$`). Throws `invalid_provider` where the template is at fault. */
export function renderTemplate(source: string, data: Value): string {
  return render(parseTemplate(source), data);
}

/** Renders a parsed template. */
export function render(template: Template, data: Value): string {
  const output: string[] = [];
  run(template, template.main, data, [new Map([['$', data]])], output);
  return output.join('');
}

function run(template: Template, nodes: readonly Node[], dot: Value, scopes: readonly Scope[], output: string[]): Signal {
  for (const node of nodes) {
    switch (node.kind) {
      case 'text':
        output.push(node.text);
        break;
      case 'output': {
        const value = evaluate(node.pipeline, dot, scopes);
        if (node.pipeline.variables.length === 0) output.push(printValue(value));
        break;
      }
      case 'if':
      case 'with': {
        const inner = [...scopes, new Map<string, Value>()];
        const value = evaluate(node.pipeline, dot, inner);
        const signal = run(
          template,
          isTruthy(value) ? node.body : node.otherwise,
          node.kind === 'with' && isTruthy(value) ? value : dot,
          inner,
          output,
        );
        if (signal !== undefined) return signal;
        break;
      }
      case 'range':
        range(template, node, dot, scopes, output);
        break;
      case 'template': {
        const body = template.named.get(node.name);
        if (body === undefined) throw new OrgqlError('invalid_provider', `A template uses "${node.name}", which it does not define`);
        const value = node.pipeline === undefined ? undefined : evaluate(node.pipeline, dot, scopes);
        run(template, body, value, [new Map([['$', value]])], output);
        break;
      }
      default:
        return node.kind;
    }
  }
  return undefined;
}

function range(template: Template, node: Extract<Node, { kind: 'range' }>, dot: Value, scopes: readonly Scope[], output: string[]): void {
  const { variables, commands } = node.pipeline;
  const list = entriesOf(evaluate({ variables: [], declares: false, commands }, dot, scopes));
  if (list.length === 0) {
    run(template, node.otherwise, dot, [...scopes, new Map()], output);
    return;
  }
  for (const [key, value] of list) {
    const scope: Scope = new Map();
    const inner = [...scopes, scope];
    const bound = variables.length === 1 ? [value] : [key, value];
    variables.forEach((name, index) => {
      if (node.pipeline.declares) scope.set(name, bound[index]);
      else assign(scopes, name, bound[index]);
    });
    if (run(template, node.body, value, inner, output) === 'break') return;
  }
}

// Objects go by their keys in order, as in Go.
function entriesOf(value: Value): readonly (readonly [Value, Value])[] {
  if (Array.isArray(value)) return value.map((item: Value, index) => [index, item]);
  if (typeof value === 'number') return Array.from({ length: Math.max(0, Math.trunc(value)) }, (_, index) => [index, index]);
  if (value instanceof Map) return [...(value as Map<string, Value>)].sort(([one], [other]) => (one < other ? -1 : 1));
  if (typeof value === 'object' && value !== null) return Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return [];
}

function evaluate(pipeline: Pipeline, dot: Value, scopes: readonly Scope[]): Value {
  let value: Value;
  pipeline.commands.forEach((command, index) => {
    value = runCommand(command, dot, scopes, index === 0 ? [] : [value]);
  });
  for (const name of pipeline.variables) {
    if (pipeline.declares) scopes.at(-1)?.set(name, value);
    else assign(scopes, name, value);
  }
  return value;
}

function runCommand(command: readonly Operand[], dot: Value, scopes: readonly Scope[], piped: readonly Value[]): Value {
  const [first, ...rest] = command;
  if (first === undefined) return undefined;
  if (first.kind !== 'function') {
    if (rest.length > 0 || piped.length > 0)
      throw new OrgqlError('invalid_provider', 'A template gives arguments to something that is no function');
    return operandValue(first, dot, scopes);
  }
  // These two look at no more than they need.
  if (first.name === 'and' || first.name === 'or') {
    let value: Value;
    for (const make of [...rest.map((operand) => () => operandValue(operand, dot, scopes)), ...piped.map((one) => () => one)]) {
      value = make();
      if (isTruthy(value) === (first.name === 'or')) return value;
    }
    return value;
  }
  return callFunction(first.name, [...rest.map((operand) => operandValue(operand, dot, scopes)), ...piped]);
}

function operandValue(operand: Operand, dot: Value, scopes: readonly Scope[]): Value {
  switch (operand.kind) {
    case 'literal':
      return operand.value;
    case 'dot':
      return follow(dot, operand.path);
    case 'variable':
      return follow(lookUp(scopes, operand.name), operand.path);
    case 'group':
      return follow(evaluate(operand.pipeline, dot, scopes), operand.path);
    case 'function':
      return callFunction(operand.name, []);
  }
}

function follow(value: Value, path: readonly string[]): Value {
  let current = value;
  for (const name of path) {
    if (current instanceof Map) current = (current as Map<string, Value>).get(name);
    else if (typeof current === 'object' && current !== null && Object.hasOwn(current, name))
      current = (current as Readonly<Record<string, Value>>)[name];
    else return undefined;
  }
  return current;
}

function lookUp(scopes: readonly Scope[], name: string): Value {
  for (let index = scopes.length - 1; index >= 0; index--) if (scopes[index]?.has(name)) return scopes[index]?.get(name);
  throw new OrgqlError('invalid_provider', `A template uses ${name} before it is set`);
}

function assign(scopes: readonly Scope[], name: string, value: Value): void {
  for (let index = scopes.length - 1; index >= 0; index--) {
    if (scopes[index]?.has(name)) {
      scopes[index]?.set(name, value);
      return;
    }
  }
  throw new OrgqlError('invalid_provider', `A template assigns to ${name} before it is declared`);
}

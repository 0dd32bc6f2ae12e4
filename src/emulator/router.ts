import { refuse } from './refusal.ts';
import type { Family, Route } from './types.ts';

interface Node {
  readonly literals: Map<string, Node>;
  parameter: Node | undefined;
  readonly routes: Map<string, { readonly route: Route; readonly names: readonly string[] }>;
}

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

export interface Router {
  /** The route of a request. Refuses with E0000008 an unknown path and with E0000022 a method that the path does not have. */
  match(method: string, path: string): Match;
}

/** @throws Error if two routes have the same method and template: a fault in the families */
export function createRouter(families: readonly Family[]): Router {
  const root = newNode();
  for (const family of families) for (const route of family.routes) addRoute(root, family.name, route);
  return {
    match(method, path) {
      const values: string[] = [];
      const segments = path.split('/').slice(1);
      const found = find(root, segments, 0, values, method);
      if (found === undefined) throw refuse(find(root, segments, 0, [], undefined) === undefined ? 'E0000008' : 'E0000022');
      const params: Record<string, string> = {};
      found.names.forEach((name, index) => {
        params[name] = decode(values[index] ?? '');
      });
      return { route: found.route, params };
    },
  };
}

function newNode(): Node {
  return { literals: new Map(), parameter: undefined, routes: new Map() };
}

function addRoute(root: Node, family: string, route: Route): void {
  let node = root;
  const names: string[] = [];
  for (const segment of route.path.split('/').slice(1)) {
    const parameter = /^\{(.+)\}$/.exec(segment);
    if (parameter !== null) {
      names.push(parameter[1] as string);
      node.parameter ??= newNode();
      node = node.parameter;
    } else {
      let next = node.literals.get(segment);
      if (next === undefined) {
        next = newNode();
        node.literals.set(segment, next);
      }
      node = next;
    }
  }
  if (node.routes.has(route.method)) throw new Error(`Family ${family}: ${route.method} ${route.path} is routed twice`);
  node.routes.set(route.method, { route, names });
}

/** Literal segments first, with a way back: `/users/me` and `/users/{id}/factors` may share a start. */
function find(
  node: Node,
  segments: readonly string[],
  at: number,
  values: string[],
  method: string | undefined,
): { route: Route; names: readonly string[] } | undefined {
  const segment = segments[at];
  if (segment === undefined) return method === undefined ? node.routes.values().next().value : node.routes.get(method);
  const literal = node.literals.get(segment);
  if (literal !== undefined) {
    const found = find(literal, segments, at + 1, values, method);
    if (found !== undefined) return found;
  }
  if (node.parameter === undefined || segment === '') return undefined;
  values.push(segment);
  const found = find(node.parameter, segments, at + 1, values, method);
  if (found === undefined) values.pop();
  return found;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

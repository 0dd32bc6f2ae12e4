import { OrgqlError } from '../../util/errors.ts';
import { asObject, asText, isObject, type JsonObject, textsOf } from '../json.ts';
import type { Json, SqlVerb } from '../types.ts';

/** What a provider calls its services, resources and methods, and what these stand for: the parsed form of a curation file. */
export interface Curation {
  readonly services: readonly CuratedService[];
}

export interface CuratedService {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly resources: readonly CuratedResource[];
}

export interface CuratedResource {
  readonly name: string;
  readonly about: string;
  /** Published columns, where they are not the properties of the row. */
  readonly fields: readonly string[] | undefined;
  /** Properties of the row that are not published. */
  readonly hide: readonly string[];
  readonly methods: readonly CuratedMethod[];
}

export interface CuratedMethod {
  readonly name: string;
  /** An `operationId`, or `VERB /path` where the source gives none. */
  readonly operation: string;
  /** Every verb that it serves, the published one first. `undefined`: its name says it. */
  readonly verbs: readonly SqlVerb[] | undefined;
  readonly hidden: boolean;
  readonly overloads: string | undefined;
  readonly about: string | undefined;
  /** Where the rows are, as an `objectKey`. */
  readonly rowsPath: string | undefined;
  /** Schema of the rows, where the operation's response is not what the method gives. */
  readonly rows: string | undefined;
}

const METHOD_KEYS = new Set(['operation', 'verbs', 'hidden', 'overloads', 'about', 'rowsPath', 'rows']);
const VERBS: readonly string[] = ['SELECT', 'INSERT', 'UPDATE', 'REPLACE', 'DELETE', 'EXEC'];

/** Reads a parsed curation file. Throws `invalid_provider` for what it does not understand. */
export function readCuration(value: Json): Curation {
  return {
    services: entries(value, 'curation').map(([name, service]) => ({
      name,
      title: required(service, 'title', name),
      about: required(service, 'about', name),
      resources: entries(service.resources ?? null, name).map(([resource, node]) => readResource(`${name}.${resource}`, resource, node)),
    })),
  };
}

function readResource(path: string, name: string, node: JsonObject): CuratedResource {
  const methods = asObject(node.methods);
  return {
    name,
    about: required(node, 'about', path),
    fields: Array.isArray(node.fields) ? textsOf(node.fields) : undefined,
    hide: textsOf(node.hide),
    methods: Object.keys(methods).map((method) => readMethod(`${path}.${method}`, method, methods[method] ?? null)),
  };
}

function readMethod(path: string, name: string, value: Json): CuratedMethod {
  const node: JsonObject = isObject(value) ? value : { operation: value };
  const stray = Object.keys(node).find((key) => !METHOD_KEYS.has(key));
  if (stray !== undefined) throw new OrgqlError('invalid_provider', `Curation of ${path}: "${stray}" is not known`);
  const verbs = textsOf(node.verbs);
  const wrong = verbs.find((verb) => !VERBS.includes(verb));
  if (wrong !== undefined) throw new OrgqlError('invalid_provider', `Curation of ${path}: "${wrong}" is no SQL verb`);
  return {
    name,
    operation: required(node, 'operation', path),
    verbs: verbs.length === 0 ? undefined : (verbs as readonly SqlVerb[]),
    hidden: node.hidden === true,
    overloads: asText(node.overloads),
    about: asText(node.about),
    rowsPath: asText(node.rowsPath),
    rows: asText(node.rows),
  };
}

function entries(value: Json, path: string): readonly (readonly [string, JsonObject])[] {
  if (!isObject(value)) throw new OrgqlError('invalid_provider', `Curation of ${path} is empty`);
  return Object.entries(value).map(([name, node]) => [name, asObject(node)]);
}

function required(node: JsonObject, key: string, path: string): string {
  const text = asText(node[key]);
  if (text === undefined) throw new OrgqlError('invalid_provider', `Curation of ${path} lacks "${key}"`);
  return text;
}

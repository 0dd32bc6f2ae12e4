import { type ConfigLevels, setting } from './config.ts';
import { asObject, asText, isObject, type JsonObject, textsOf } from './json.ts';
import type {
  AttributeFact,
  FilterFact,
  FilterOperator,
  LimitFact,
  MethodFacts,
  PageSizeFact,
  ProjectionFact,
  RelationFacts,
} from './overlay.ts';
import type { Column, Json, Method, Parameter, Shape } from './types.ts';

/** Names under which APIs take the size of a page. */
const PAGE_SIZE_PARAMETERS = ['per_page', 'perPage', 'limit', 'page_size', 'pageSize', 'page[size]', 'maxResults', 'max_results', 'count'];

/**
 * The planner's facts about a method: what the document declares under `x-orgql-method`, and beside it what follows safely from the
 * rest of the document (the size of a page, `queryParamPushdown`).
 */
export function methodFacts(declared: MethodFacts, method: Method, row: Shape | undefined, levels: ConfigLevels): MethodFacts {
  if (!method.verbs.includes('SELECT')) return declared;
  const pushdown = asObject(setting(levels, 'queryParamPushdown'));
  const limit = declared.limit ?? pushdownLimit(method, pushdown);
  const pageSize = declared.pageSize ?? declaredPageSize(method, pushdown, limit);
  const filters = declared.filters ?? pushdownFilters(pushdown, row, method);
  const projection = declared.projection ?? pushdownProjection(pushdown, method);
  return {
    ...declared,
    ...(pageSize === undefined ? {} : { pageSize }),
    ...(limit === undefined ? {} : { limit }),
    ...(filters === undefined ? {} : { filters }),
    ...(projection === undefined ? {} : { projection }),
  };
}

/**
 * The planner's facts about a relation: what the document declares under `x-orgql-relation`, and beside it `id` as the key
 * where rows have one, and as the value of the last path parameter of a look-up that lies right under the list.
 */
export function relationFacts(declared: RelationFacts, methods: readonly Method[], columns: readonly Column[]): RelationFacts {
  const rowNames: ReadonlySet<string> = new Set(columns.map((column) => column.name));
  const hasId = rowNames.has('id');
  const key = declared.key ?? (hasId ? ['id'] : undefined);
  const identity = declared.identity ?? (hasId ? impliedIdentity(methods, rowNames) : undefined);
  const parameterOnly = declared.parameterOnly ?? textForNumber(methods, columns);
  return {
    ...declared,
    ...(key === undefined ? {} : { key }),
    ...(identity === undefined ? {} : { identity }),
    ...(parameterOnly.length === 0 ? {} : { parameterOnly }),
  };
}

/** A parameter that takes text where the column of its name holds a number takes more than the number: a file's name for its id. */
function textForNumber(methods: readonly Method[], columns: readonly Column[]): readonly string[] {
  const reading = methods.filter((method) => method.verbs.includes('SELECT'));
  return columns
    .filter(({ name, shape }) => {
      if (shape.sqlType !== 'BIGINT' && shape.sqlType !== 'DOUBLE') return false;
      return reading.some((method) =>
        method.parameters.some((one) => one.name === name && one.required && one.shape.sqlType === 'VARCHAR'),
      );
    })
    .map((column) => column.name);
}

function impliedIdentity(methods: readonly Method[], rowNames: ReadonlySet<string>): Readonly<Record<string, string>> | undefined {
  const reading = methods
    .filter((method) => method.verbs.includes('SELECT') && method.http.verb === 'GET')
    .map((method) => method.http.path.split('?')[0] ?? '');
  for (const path of reading) {
    const last = /^(.*)\/\{([^{}/]+)\}\/?$/.exec(path);
    const [, list, parameter] = last ?? [];
    if (list === undefined || parameter === undefined || !reading.some((other) => other.replace(/\/$/, '') === list)) continue;
    // By name only: a parameter such as `username` may mean another column than `id`.
    if (/^id$|Id$|_id$|ID$/.test(parameter) && (parameter === 'id' || !rowNames.has(parameter))) return { [parameter]: 'id' };
  }
  return undefined;
}

/** OData's `$top` is a bound of the whole list: as the size of a page it would lose what is beyond. */
function pushdownLimit(method: Method, pushdown: JsonObject): LimitFact | undefined {
  const { top } = pushdown;
  if (!isObject(top) || !isOData(top, pushdown)) return undefined;
  const parameter = asText(top.paramName) ?? '$top';
  if (!takes(method, parameter)) return undefined;
  return { parameter, ...(typeof top.maxValue === 'number' ? { max: top.maxValue } : {}) };
}

function declaredPageSize(method: Method, pushdown: JsonObject, limit: LimitFact | undefined): PageSizeFact | undefined {
  const top = asObject(pushdown.top);
  const topName = limit === undefined ? asText(top.paramName) : undefined;
  const names = (topName === undefined ? PAGE_SIZE_PARAMETERS : [topName]).filter((name) => name !== limit?.parameter);
  for (const name of names) {
    const parameter = method.parameters.find((one) => one.location === 'query' && one.name === name);
    if (parameter === undefined) continue;
    const declared = maximumOf(parameter);
    const max = declared.max ?? (typeof top.maxValue === 'number' && topName === name ? top.maxValue : undefined);
    if (max === undefined || max < 1) continue;
    const fallback = parameter.default === undefined ? undefined : Number(parameter.default);
    return {
      parameter: name,
      size: max,
      max,
      ...(declared.min === undefined ? {} : { min: declared.min }),
      ...(fallback === undefined || !Number.isInteger(fallback) ? {} : { default: fallback }),
    };
  }
  return undefined;
}

function maximumOf(parameter: Parameter): { readonly max?: number; readonly min?: number } {
  const { maximum, minimum } = parameter;
  if (maximum !== undefined) return { max: maximum, ...(minimum === undefined ? {} : { min: minimum }) };
  // Where the schema is silent, the sentence for people often is not: "(max 100)", "Maximum is 500", "in the range 1..1000".
  const text = parameter.description ?? '';
  const said =
    /\bmax(?:imum)?(?: value| number)?(?:\s+is|\s+of|:)?\s*`?(\d{2,5})\b/i.exec(text)?.[1] ??
    /\brange\s+(?:of\s+)?`?1\s*(?:\.\.|-|–|to)\s*`?(\d{2,5})\b/i.exec(text)?.[1];
  return said === undefined ? {} : { max: Number(said) };
}

function isOData(part: JsonObject, pushdown: JsonObject): boolean {
  return (part.dialect ?? pushdown.dialect) === 'odata';
}

const ODATA_OPERATORS: Readonly<Record<string, FilterOperator>> = {
  eq: 'eq',
  ne: 'ne',
  gt: 'gt',
  ge: 'ge',
  lt: 'lt',
  le: 'le',
  contains: 'co',
  startswith: 'sw',
  endswith: 'ew',
};

function pushdownFilters(pushdown: JsonObject, row: Shape | undefined, method: Method): readonly FilterFact[] | undefined {
  const filter = pushdown.filter;
  if (!isObject(filter)) return undefined;
  const syntax = asText(filter.syntax) ?? (isOData(filter, pushdown) ? 'odata' : undefined);
  const parameter = asText(filter.paramName) ?? (isOData(filter, pushdown) ? '$filter' : undefined);
  if (syntax !== 'odata' || parameter === undefined || !takes(method, parameter)) return undefined;
  const columns = columnsOf(filter.supportedColumns, row);
  const words = (filter.supportedOperators === undefined ? ['*'] : textsOf(filter.supportedOperators)).map((word) => word.toLowerCase());
  const comparing = (words.includes('*') ? Object.keys(ODATA_OPERATORS) : words).flatMap((word) => ODATA_OPERATORS[word] ?? []);
  const operators: readonly FilterOperator[] = comparing.includes('ne') ? [...comparing, 'pr'] : comparing;
  // Whether the server minds letter case is not stated, so what it finds by a text is taken for a superset.
  const attributes: Record<string, AttributeFact> = {};
  for (const column of columns) attributes[column] = { operators, exact: isCaseless(row?.properties().get(column)) };
  // Many servers take `and` alone: the others must be listed.
  const connectives = (['and', 'or', 'not'] as const).filter((word) => word === 'and' || words.includes(word));
  return columns.length === 0 ? undefined : [{ parameter, grammar: 'odata', attributes, connectives }];
}

function isCaseless(shape: Shape | undefined): boolean {
  return shape !== undefined && ['BIGINT', 'DOUBLE', 'BOOLEAN'].includes(shape.sqlType);
}

function pushdownProjection(pushdown: JsonObject, method: Method): ProjectionFact | undefined {
  const select = pushdown.select;
  if (!isObject(select)) return undefined;
  const parameter = asText(select.paramName) ?? (isOData(select, pushdown) ? '$select' : undefined);
  const delimiter = asText(select.delimiter) ?? ',';
  const supported = select.supportedColumns === undefined || textsOf(select.supportedColumns).includes('*');
  return parameter === undefined || delimiter !== ',' || !supported || !takes(method, parameter)
    ? undefined
    : { parameter, grammar: 'list' };
}

function columnsOf(value: Json | undefined, row: Shape | undefined): readonly string[] {
  const names = value === undefined ? ['*'] : textsOf(value);
  if (!names.includes('*')) return names;
  return [...(row?.properties() ?? [])].filter(([, shape]) => shape.sqlType !== 'JSON').map(([name]) => name);
}

function takes(method: Method, parameter: string): boolean {
  return method.parameters.some((one) => one.location === 'query' && one.name === parameter);
}

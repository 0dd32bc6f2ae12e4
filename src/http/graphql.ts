import { OrgqlError } from '../util/errors.ts';
import { readPath, tokenText } from './paging/body-path.ts';
import { parameterValues, singleValue } from './request/parameters.ts';
import type { PreparedRequest } from './request/prepare.ts';
import { renderTemplate } from './transform/evaluate.ts';
import type { MethodCall, PageCursor } from './types.ts';

/** The query text of a GraphQL method: its template over the call's parameters and `.cursor`. */
export function renderGraphQl(call: MethodCall, cursor: string): string {
  const values = parameterValues(call);
  const data = new Map<string, unknown>([['cursor', cursor]]);
  for (const parameter of call.method.parameters) {
    const value = singleValue(values(parameter)) ?? parameter.default;
    if (value !== undefined) data.set(parameter.name, literalBody(value));
  }
  return renderTemplate(call.method.graphQl?.query ?? '', data);
}

/** The following page by the document's cursor rule. `body` is the decoded answer, `request` the one that it answers. */
export function nextGraphQlPage(
  call: MethodCall,
  request: PreparedRequest,
  body: Readonly<Record<string, unknown>> | undefined,
): PageCursor | undefined {
  const rule = call.method.graphQl?.cursor;
  if (rule === undefined || body === undefined) return undefined;
  if (rule.terminateOn !== undefined) {
    const goesOn = readPath(body, rule.terminateOn);
    if (goesOn === false || goesOn === undefined || goesOn === null) return undefined;
  }
  const clause = rule.strategy === 'offset' ? offsetClause(call, request, body) : cursorClause(rule, readLast(body, rule.path));
  if (clause === undefined) return undefined;
  return { pathAndQuery: `${request.url.pathname}${request.url.search}`, body: { query: renderGraphQl(call, clause) } };
}

function cursorClause(rule: { readonly strategy: string; readonly format?: string }, value: unknown): string | undefined {
  const token = tokenText(value);
  if (token === undefined) return undefined;
  if (rule.strategy !== 'keyset' && rule.format === undefined) return `, after: "${literalBody(token)}"`;
  if (rule.format === undefined) throw new OrgqlError('invalid_provider', 'A keyset cursor needs a format');
  return rule.format.includes('{{')
    ? renderTemplate(
        rule.format,
        new Map([
          ['cursor', literalBody(token)],
          ['value', literalBody(token)],
        ]),
      )
    : rule.format.replace(/%[sv]/, () => literalBody(token));
}

// Where the next offset is not said, it is what was asked before plus one page; an empty page ends the list.
function offsetClause(call: MethodCall, request: PreparedRequest, body: Readonly<Record<string, unknown>>): string | undefined {
  const rule = call.method.graphQl?.cursor;
  const rows = readPath(body, call.method.graphQl?.rowsPath ?? '');
  const count = Array.isArray(rows) ? rows.length : rows === undefined || rows === null ? 0 : 1;
  const size = rule?.pageSize ?? count;
  if (count === 0 || count < size) return undefined;
  const asked =
    typeof request.json === 'object' && request.json !== null && !Array.isArray(request.json) && 'query' in request.json
      ? String(request.json.query)
      : '';
  const before = Number(/\boffset:\s*(\d+)/.exec(asked)?.[1] ?? 0);
  return rule?.format === undefined ? `, offset: ${before + size}` : rule.format.replace(/%[dsv]/, () => String(before + size));
}

// A cursor that each row carries is that of the last row.
function readLast(body: unknown, path: string): unknown {
  if (!path.includes('[*]')) return readPath(body, path);
  const [list = '', rest = ''] = path.split('[*]');
  const rows = readPath(body, list);
  const last = Array.isArray(rows) ? rows.at(-1) : rows;
  return rest === '' ? last : readPath(last, `$${rest}`);
}

// Values stand inside quotes in the templates: nothing in them may end the text.
function literalBody(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

import type { ApiType, Shape } from '../../catalog/types.ts';
import { OrgqlError } from '../../util/errors.ts';
import type { Answer } from '../exchange.ts';
import { isRecord, pathSegments } from '../paging/body-path.ts';
import { nextFromBody, nextFromHeaders, saysMore } from '../paging/next-page.ts';
import type { PrepareContext, PreparedRequest } from '../request/prepare.ts';
import type { MethodCall, PageCursor } from '../types.ts';
import { apiError, label } from './api-error.ts';
import { isErrorObject, readFault } from './error-body.ts';
import { flatRows } from './flat-rows.ts';
import { decode, inspectBody, type PageBody } from './page-body.ts';

export type Next =
  | { readonly kind: 'none' }
  | { readonly kind: 'page'; readonly cursor: PageCursor }
  | { readonly kind: 'error'; readonly error: unknown };

/** A page's rows as they are handed out, and what follows. */
export interface PageContent {
  readonly bytes: Uint8Array;
  readonly rowsPath: readonly string[];
  /** The body's form, which all pages of a list share. */
  readonly kind: PageBody['kind'];
  /** False where an object came without the list that its description names. */
  readonly hasList: boolean;
  readonly next: Next;
}

const NO_ROWS = Buffer.from('[]');

/** Checks an answer and finds its rows. `announced`: what its headers were found to name as the next page. Throws `invalid_response`, or the API's error where a 200 carries one. */
export function pageOf(
  call: MethodCall,
  request: PreparedRequest,
  answer: Answer,
  context: PrepareContext,
  announced?: PageCursor,
): PageContent {
  const body = inspectBody(call, answer, answer.bytes);
  if (body.kind === 'invalid') throw invalidResponse(call, answer, body.why);
  if (body.kind === 'object') assertNoError(call, answer, body.value);
  const strange = strangeness(call, body, answer.bytes);
  if (strange !== undefined) throw invalidResponse(call, answer, strange);
  const { bytes, rowsPath, transformed } = rowsOf(call, answer, body, context);
  return {
    bytes,
    rowsPath,
    kind: isNull(body, answer.bytes) ? 'nothing' : body.kind,
    hasList: body.kind !== 'object' || namesList(call, body.value),
    next: nextOf(call, request, answer, body, transformed, context, announced),
  };
}

/** Why a body that is whole is none of what its description knows: taken for rows it would leave the result short, or add a row of nothing. */
function strangeness({ method }: MethodCall, body: PageBody, bytes: Uint8Array): string | undefined {
  const { rowsPath, row, isList, bodyNames, transform } = method.response;
  if (transform !== undefined || method.graphQl !== undefined) return undefined;
  if (body.kind === 'scalar') {
    return !isNull(body, bytes) && (row?.properties().size ?? 0) > 0 ? 'A bare value came where rows were expected.' : undefined;
  }
  if (body.kind !== 'object') return undefined;
  const names = Object.keys(body.value);
  const isNoneOf = (declared: { readonly size: number; readonly has: (name: string) => boolean } | undefined): boolean =>
    declared !== undefined && declared.size > 0 && !names.some((name) => declared.has(name));
  if (rowsPath.length === 0)
    return isList === true && row !== undefined && row.properties().size > 0 && !looksLike(row, body.value)
      ? 'An object came, which is no row, where a list of rows was expected.'
      : undefined;
  // An API may leave an empty list out of its answer.
  return names.length > 0 && !names.includes(rowsPath[0] ?? '') && isNoneOf(bodyNames?.())
    ? `An object came without "${rowsPath[0]}" or anything else that its description names.`
    : undefined;
}

/** True where an object has a property that a row has, with a value of its kind: an error's `status: 500` is no status of a role. */
function looksLike(row: Shape, value: Readonly<Record<string, unknown>>): boolean {
  const properties = row.properties();
  return Object.entries(value).some(([name, one]) => {
    const kind = properties.get(name)?.apiType;
    return kind !== undefined && one !== null && isOfKind(one, kind);
  });
}

function isOfKind(value: unknown, kind: ApiType): boolean {
  switch (kind) {
    case 'string':
    case 'boolean':
      return typeof value === kind;
    case 'number':
    case 'integer':
      return typeof value === 'number';
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isRecord(value);
    default:
      return true;
  }
}

function namesList({ method }: MethodCall, body: Readonly<Record<string, unknown>>): boolean {
  const [name] = method.response.rowsPath;
  return name === undefined || method.response.transform !== undefined || method.graphQl !== undefined || Object.hasOwn(body, name);
}

/** Some APIs say null for a list that is empty. */
function isNull(body: PageBody, bytes: Uint8Array): boolean {
  return body.kind === 'scalar' && decode(bytes).trim() === 'null';
}

function rowsOf(
  call: MethodCall,
  answer: Answer,
  body: PageBody,
  context: PrepareContext,
): { readonly bytes: Uint8Array; readonly rowsPath: readonly string[]; readonly transformed?: unknown } {
  const { response, graphQl } = call.method;
  if (body.kind === 'nothing') return { bytes: NO_ROWS, rowsPath: [] };
  const { transform } = response;
  const declaredPath = graphQl === undefined ? response.rowsPath : pathSegments(graphQl.rowsPath);
  if (transform !== undefined) {
    const result = context.transformResponse(transform, answer.bytes, call);
    if (result.kind === 'wrapped_array') return { bytes: answer.bytes, rowsPath: [] };
    const value = parsed(result.text);
    return { bytes: Buffer.from(result.text), rowsPath: Array.isArray(value) ? [] : declaredPath, transformed: value };
  }
  if (body.kind === 'array' || body.kind === 'object') {
    const path = body.kind === 'array' ? [] : declaredPath;
    const flat = flatRows(() => decode(answer.bytes), body.kind === 'object' ? body.value : undefined, path, response.row);
    return flat === undefined ? { bytes: answer.bytes, rowsPath: path } : { bytes: flat, rowsPath: [] };
  }
  // A bare text or number is one row of one column, under the name that StackQL gives it.
  const value: unknown = body.kind === 'text' ? decode(answer.bytes) : JSON.parse(decode(answer.bytes));
  return { bytes: value === null ? NO_ROWS : Buffer.from(JSON.stringify([{ column_anon: value }])), rowsPath: [] };
}

function nextOf(
  call: MethodCall,
  request: PreparedRequest,
  answer: Answer,
  body: PageBody,
  transformed: unknown,
  context: PrepareContext,
  announced: PageCursor | undefined,
): Next {
  try {
    const cursor =
      call.method.graphQl !== undefined
        ? context.nextGraphQl(call, request, body.kind === 'object' ? body.value : undefined)
        : (announced ??
          nextFromHeaders(call, request, answer.headers) ??
          (body.kind === 'object' ? nextFromBody(call, request, body.value) : undefined) ??
          (transformed === undefined ? undefined : nextFromBody(call, request, transformed)));
    if (cursor !== undefined) return { kind: 'page', cursor };
    // A short result must not look whole.
    return body.kind === 'object' && saysMore(call, body.value) ? { kind: 'error', error: unknownPaging(call) } : { kind: 'none' };
  } catch (error) {
    return { kind: 'error', error };
  }
}

function unknownPaging(call: MethodCall): OrgqlError {
  return new OrgqlError(
    'invalid_provider',
    `More rows follow those of ${label(call)}, and the provider document does not say how to ask for them`,
    {
      detail: 'The answer says that there are more, and names no next page in a way that is known here.',
      hint: 'Add a LIMIT that one page fulfils, take what came with --partial, or give the method a config.pagination.',
    },
  );
}

// Some APIs, and some gateways before them, say 200 and mean an error.
function assertNoError(call: MethodCall, answer: Answer, value: Readonly<Record<string, unknown>>): void {
  const { rowsPath, row } = call.method.response;
  const isDeclared = row?.properties().has('errorCode') ?? false;
  const hasRows = rowsPath.length > 0 && Object.hasOwn(value, rowsPath[0] ?? '');
  const isGraphQlError = call.method.graphQl !== undefined && Array.isArray(value.errors) && value.errors.length > 0;
  const isBareError =
    rowsPath.length > 0 &&
    !hasRows &&
    (typeof value.error === 'string' || isRecord(value.error) || (Array.isArray(value.errors) && value.errors.length > 0));
  if (isGraphQlError || (!hasRows && !isDeclared && isErrorObject(value)) || (call.method.graphQl === undefined && isBareError)) {
    throw apiError(call, readFault(answer.status, answer.headers, answer.bytes));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new OrgqlError('invalid_response', 'A response transform of the provider document made something that is not JSON', {
      detail: String((cause as Error).message),
      cause,
    });
  }
}

function invalidResponse(call: MethodCall, answer: Answer, why: string): OrgqlError {
  const fault = readFault(answer.status, answer.headers, answer.bytes);
  return new OrgqlError('invalid_response', `The answer to ${label(call)} is not what its description says`, {
    detail: why,
    hint: `Nothing was taken from it. Check that ${call.org.origin ?? 'the address'} is the API itself and not a sign-in page or proxy; else try again.`,
    api: { status: fault.status, ...(fault.requestId === undefined ? {} : { requestId: fault.requestId }) },
  });
}

import type { FeedListener, SqlValue, Stage, StageColumn, StageLayout } from '../engine/types.ts';
import type { MethodCall } from '../http/types.ts';
import type { AccessPath } from '../plan/access-path.ts';
import { both, type Projection, projectionOf, type Wanted, wantedOf } from '../plan/projection.ts';
import type { NeededColumn, Occurrence } from '../plan/types.ts';
import { forEachConcurrently } from '../util/concurrency.ts';
import { joinSentences, OrgqlError, withParts } from '../util/errors.ts';
import type { Environment } from './environment.ts';
import { pageReader } from './pages/pages-of.ts';
import type { Recorder, RelationRecord } from './recorder.ts';
import type { Tuple } from './tuples.ts';
import type { ExecuteOptions } from './types.ts';

/** One call of a fetch step: a tuple, and the filter of its chunk. */
export interface ScanCall {
  readonly tuple: Tuple;
  readonly query: Readonly<Record<string, string>>;
}

export interface ScanRequest {
  readonly environment: Environment;
  readonly options: ExecuteOptions;
  readonly recorder: Recorder;
  readonly record: RelationRecord;
  readonly occurrence: Occurrence;
  readonly path: AccessPath;
  /** True where rows that are missing can leave the result with rows too many. */
  readonly takesAway?: boolean;
  readonly signal: AbortSignal;
  /** Asks for no more of each row than is needed. Absent: rows come whole. */
  readonly projection?: Projection;
  /** Page size to ask for instead of the method's own. */
  readonly pageSize?: number;
  /** Pages of a call after which it is left off, if more would follow. */
  readonly mostPages?: number;
  /** Asked after each page of the one call, all of it staged: true when no more rows are wanted. */
  readonly isEnough?: () => Promise<boolean>;
  /** Pages that are surely wanted; what follows is asked for only when it is read. */
  readonly pagesWanted?: number;
}

/** Columns of an occurrence's staging table when it is read along a path. */
export function stageColumns(occurrence: Occurrence, path: AccessPath | undefined): StageColumn[] {
  return [...occurrence.needed.values()].map((column): StageColumn => {
    const standIn = path?.stand?.columns.get(column.name.toLowerCase());
    if (standIn !== undefined)
      return { name: column.name, type: column.sqlType, path: standIn.kind === 'property' ? standIn.path : undefined };
    if (omittedKey(occurrence, path, column) !== undefined) return { name: column.name, type: column.sqlType, path: undefined };
    if (column.source.kind === 'property') return { name: column.name, type: column.sqlType, path: column.source.path };
    const same = path?.identity[column.source.parameter];
    const own = same === undefined ? undefined : occurrence.relation.columns.find((candidate) => candidate.name === same);
    return { name: column.name, type: column.sqlType, path: own === undefined ? undefined : [own.wireName] };
  });
}

/** The value that every row of a path has: its key, where the method's answer has it. */
export function witnessOf(occurrence: Occurrence, path: AccessPath): { readonly witness?: readonly string[] } {
  const { columns, overlay } = path.stand?.relation ?? occurrence.relation;
  const key = columns.find(({ name }) => name === overlay.relation.key?.[0])?.wireName;
  return key !== undefined && path.method.response.row?.properties().has(key) === true ? { witness: [key] } : {};
}

/** What the rows of a call carry for the parameters that the statement names. */
export function rowConstants(
  occurrence: Occurrence,
  path?: AccessPath,
): (call: { readonly tuple: Omit<Tuple, 'org'>; readonly query: ScanCall['query'] }) => Readonly<Record<string, SqlValue>> {
  const carried = [...occurrence.needed.values()].flatMap((column) => {
    const standIn = path?.stand?.columns.get(column.name.toLowerCase());
    const parameter =
      standIn === undefined
        ? (omittedKey(occurrence, path, column) ?? (column.source.kind === 'parameter' ? column.source.parameter : undefined))
        : standIn.kind === 'parameter'
          ? standIn.parameter
          : undefined;
    return parameter === undefined ? [] : [{ name: column.name, parameter, sqlType: column.sqlType }];
  });
  return ({ tuple, query }) => {
    const constants: Record<string, SqlValue> = {};
    for (const { name, parameter, sqlType } of carried) {
      const text = parameter === 'subdomain' ? tuple.subdomain : (tuple.parameters[parameter] ?? query[parameter]);
      constants[name] = text === undefined ? null : typed(text, sqlType);
    }
    return constants;
  };
}

/**
 * The parameter that gives a key column which this method's answer leaves out, though other methods' answers have it:
 * one contact of an org does not say of which type it is.
 */
function omittedKey(occurrence: Occurrence, path: AccessPath | undefined, column: NeededColumn): string | undefined {
  if (path === undefined || column.source.kind !== 'property' || column.source.path.length !== 1) return undefined;
  const [name = ''] = column.source.path;
  const properties = path.method.response.row?.properties();
  if (properties === undefined || properties.size === 0 || properties.has(name)) return undefined;
  const own = occurrence.relation.columns.find((candidate) => candidate.wireName === name)?.name;
  const parameter = Object.entries(occurrence.relation.overlay.relation.identity ?? {}).find(([, key]) => key === own)?.[0];
  return path.supplies.some((supplied) => supplied.parameter === parameter) ? parameter : undefined;
}

function typed(text: string, sqlType: string): SqlValue {
  switch (sqlType) {
    case 'BOOLEAN':
      return text.toLowerCase() === 'true';
    case 'BIGINT':
    case 'DOUBLE':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : null;
    default:
      return text;
  }
}

/**
 * The projection that the calls along a path carry: for what the query needs and, since a fetch may be shared, for what others need of
 * the same relation. A fetch that is kept for other statements brings whole rows.
 */
export function projectionFor(occurrence: Occurrence, path: AccessPath, options: ExecuteOptions, others: Wanted): Projection | undefined {
  if (path.facts.projection === undefined || options.pushdown === false || options.maxAgeMs !== undefined) return undefined;
  return projectionOf(path, occurrence.relation.overlay.relation.key ?? [], both(wantedOf(occurrence), others));
}

/** The request of one scan call. */
export function methodCall(request: ScanRequest, call: ScanCall): MethodCall {
  const { path, recorder, record, signal, projection } = request;
  const { size } = path.facts.pageSize ?? {};
  const pageSize = request.pageSize ?? size;
  const takesPageSize =
    pageSize !== undefined &&
    call.query[path.facts.pageSize?.parameter ?? ''] === undefined &&
    call.tuple.parameters[path.facts.pageSize?.parameter ?? ''] === undefined;
  return {
    method: path.method,
    facts: path.facts,
    org: call.tuple.org,
    parameters: {
      ...path.fixed,
      ...(projection === undefined ? {} : { [projection.parameter]: projection.value }),
      ...call.query,
      ...call.tuple.parameters,
    },
    intent: 'read',
    ...(takesPageSize ? { pageSize } : {}),
    ...(request.pagesWanted === undefined ? {} : { pagesWanted: request.pagesWanted }),
    observer: recorder.observer(record),
    signal,
  };
}

/** How many of the calls may be under way at once; each org's scheduler sees to its own limit. */
export function mostAtOnce(calls: readonly ScanCall[]): number {
  return calls.reduce((most, { tuple }) => Math.max(most, tuple.org.maxConcurrency), 1);
}

/** A staging table that pages are poured into. */
export interface ScanTarget {
  readonly stage: Stage;
  readonly occurrence: Occurrence;
  /** Where its columns lie in an element of the page, if not where they do in a row of its own. */
  readonly layout?: StageLayout;
}

/** Fetches every call of a step into its staging tables, several calls at once. False: a call was left off at `mostPages`. */
export async function scan(request: ScanRequest, calls: readonly ScanCall[], stages: readonly ScanTarget[]): Promise<boolean> {
  const { record } = request;
  let isWhole = true;
  const pagesOf = await pageReader(request);
  const targets = stages.map(({ stage, occurrence, layout }) => {
    const isOwn = occurrence === request.occurrence;
    const listener: FeedListener = {
      staged: (counts) => {
        if (isOwn) record.rows += counts.rows - counts.duplicates;
        noteCounts(request, counts);
      },
      failed: (error, index) => excuse(request, index, error),
    };
    return { feed: stage.feed(listener, layout), constantsOf: rowConstants(occurrence, isOwn ? request.path : undefined) };
  });
  const hasFailed = (): boolean => targets.some(({ feed }) => feed.hasFailed());
  const settle = async (): Promise<void> => {
    for (const { feed } of targets) await feed.settle();
  };
  await forEachConcurrently(calls, Math.min(mostAtOnce(calls), calls.length), request.signal, async (call) => {
    let read = 0;
    if (hasFailed()) return;
    try {
      for await (const page of pagesOf(call)) {
        record.pages++;
        read++;
        for (const { feed, constantsOf } of targets) {
          feed.add(page.bytes, page.rowsPath, constantsOf(call), page.index);
          const room = feed.room();
          if (room !== undefined) await room;
        }
        if (hasFailed()) return;
        if (request.isEnough !== undefined) {
          await settle();
          if (await request.isEnough()) return;
        }
        if (request.mostPages !== undefined && read >= request.mostPages && !page.isLast) {
          isWhole = false;
          return;
        }
      }
    } catch (error) {
      excuse(request, read, error);
    }
  }).catch(async (error: unknown) => {
    // The error tells how many rows were read; what is stopped waits for nothing.
    if (!request.signal.aborted) await settle().catch(() => {});
    throw error;
  });
  await settle();
  return isWhole;
}

export function noteCounts(
  { recorder, record }: Pick<ScanRequest, 'recorder' | 'record'>,
  counts: { readonly duplicates: number; readonly retyped: readonly string[] },
): void {
  if (counts.duplicates > 0) recorder.notice('duplicates', `${record.relation}: rows that came twice were dropped by key`, record);
  for (const column of counts.retyped)
    recorder.notice('retyped', `${record.relation}: ${column} holds values that are not of its declared type; it is read as text`, record);
}

/** Makes a notice of a call that failed after some pages, where the statement's options allow it to be missing; throws the error elsewhere. */
export function excuse(request: ScanRequest, pages: number, error: unknown): void {
  const { options, recorder, record, path } = request;
  if (!(error instanceof OrgqlError)) throw error;
  // What only says where the API is names no object that could be gone.
  const isNamed = ({ parameter }: { readonly parameter: string }): boolean =>
    path.method.parameters.some((own) => own.name === parameter && own.location !== 'server');
  const hasKey = path.isKeyed || path.supplies.some(isNamed);
  // An object that goes while its list is read leaves a short list, which must not look whole.
  if (error.code === 'not_found' && hasKey && pages === 0 && isDeclaredNotFound(path, error)) {
    recorder.notice('not_found', `${record.relation}: ${error.api?.summary ?? error.message}`, record);
    return;
  }
  if (error.code === 'feature_unavailable' && options.unavailable === 'null') {
    recorder.markPartial();
    recorder.notice('unavailable', `${record.relation}: ${error.message}`, record);
    noteTooMany(request);
    return;
  }
  if (options.partial === true && !['cancelled', 'limit_reached', 'internal'].includes(error.code)) {
    recorder.markPartial();
    recorder.notice('partial', `${record.relation}: ${error.message}`, record);
    noteTooMany(request);
    return;
  }
  throw PLACELESS.has(error.code) ? error : withPlace(error, request, pages + 1);
}

/** Says that a result which is not complete may err on the other side as well. */
function noteTooMany({ takesAway, recorder, record }: ScanRequest): void {
  if (takesAway !== true) return;
  recorder.notice(
    'too_many',
    `${record.relation}: the result may have rows too many, or wrong values, since the statement takes rows away by what is missing here`,
    record,
  );
}

/** Errors that are about the statement as a whole. */
const PLACELESS: ReadonlySet<string> = new Set(['internal', 'cancelled', 'authentication_failed', 'missing_credential']);

/** The error with what was being read: the API's answer alone does not say which of a statement's relations it is about. */
function withPlace(error: OrgqlError, { record, path }: ScanRequest, page: number): OrgqlError {
  const { verb, path: template } = path.method.http;
  const place = `It was page ${page} of ${record.relation} (${verb} ${template.split('?')[0]}).`;
  return withParts(error, { detail: joinSentences(error.detail, place) });
}

function isDeclaredNotFound(path: AccessPath, error: OrgqlError): boolean {
  const declared = path.facts.notFound;
  const code = error.api?.errorCode;
  return declared === undefined ? code === undefined || code === 'E0000007' : code !== undefined && declared.includes(code);
}

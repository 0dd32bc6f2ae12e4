import type { HttpClient, MethodCall, Page, PageCursor } from '../../http/types.ts';
import { OrgqlError } from '../../util/errors.ts';
import { methodCall, type ScanCall, type ScanRequest } from '../scan.ts';
import { continuationOf } from './going-on.ts';
import { needsSecret, secretPaths, withoutSecrets } from './secrets.ts';
import type { CallIdentity, PageLog, PageShare } from './types.ts';

/**
 * Gives the pages of a fetch step's calls, from wherever the statement's options let them come: a fetch of the same script, the
 * cache, the log of an interrupted run, the API. Rows are the same from each, but for their age, which the receipt tells.
 */
export async function pageReader(request: ScanRequest): Promise<(call: ScanCall) => AsyncIterable<Page>> {
  const { pages, maxAgeMs } = request.options;
  const share = pages?.share;
  const { id } = request.occurrence.relation;
  const isShared = share !== undefined && (share.holds(id) || share.isExpected(id));
  const isPlain = pages?.log === undefined && maxAgeMs === undefined && !isShared && request.options.leaveOutSecrets !== true;
  if (!isPlain) return (call) => sourced(request, call);
  const http = await request.environment.http();
  return (call) => http.pages(methodCall(request, call));
}

async function* sourced(request: ScanRequest, call: ScanCall): AsyncGenerator<Page, void, undefined> {
  const { environment, options, recorder, record, occurrence } = request;
  const { share, log } = options.pages ?? {};
  const { maxAgeMs } = options;
  const { relation } = occurrence;
  const { cache } = environment.pages;
  const http = await environment.http();
  const sent = methodCall(request, call);
  const identity = identify(request, http, sent);
  const shared = share?.find(identity) ?? wholeRows(request, call, http, share);
  if (shared !== undefined) {
    recorder.hit(record, 'the same call of this statement or script');
    yield* shared;
    return;
  }
  const isStored = maxAgeMs !== undefined || log !== undefined;
  const secrets = isStored || options.leaveOutSecrets === true ? await secretPaths(environment.catalog, relation) : [];
  const mayStore = options.leaveOutSecrets === true || !needsSecret(occurrence, secrets);
  if (!mayStore)
    recorder.notice(
      'not_stored',
      `${relation.id}: the query reads secrets, which are never written to disk, so nothing of it is cached or kept for resuming`,
      record,
    );
  const keep = (pages: AsyncIterable<Page>): AsyncIterable<Page> =>
    share?.isExpected(relation.id) === true ? share.fill(identity, relation.id, pages) : pages;
  if (maxAgeMs !== undefined && mayStore) {
    const cached = await cache.find(identity, maxAgeMs, (why) =>
      recorder.notice('cache_ignored', `${relation.id}: a file of the cache was ignored, since ${why}`, record),
    );
    if (cached !== undefined) {
      recorder.hit(record, 'the cache', cached.ageMs);
      yield* keep(cached.pages);
      return;
    }
  }
  let pages: AsyncIterable<Page> =
    log === undefined || !mayStore ? http.pages(sent) : logged(request, http, sent, identity.key, log, secrets);
  if (maxAgeMs !== undefined && mayStore)
    pages = cache.fill(identity, secrets, pages, (why) =>
      recorder.notice('not_stored', `${relation.id}: it could not be kept in the cache (${why})`, record),
    );
  yield* keep(options.leaveOutSecrets === true ? stripped(pages, secrets) : pages);
}

/** How long ago the pages of a call were fetched that are still kept. */
export async function fetchedBefore(request: ScanRequest, call: ScanCall): Promise<number | undefined> {
  const http = await request.environment.http();
  const { pages } = request.environment;
  const found = await pages.cache.find(identify(request, http, methodCall(request, call)), Number.POSITIVE_INFINITY, () => {});
  await found?.leave();
  return found?.ageMs;
}

/** A fetch of whole rows that is there already has all that a projection would ask for. */
function wholeRows(request: ScanRequest, call: ScanCall, http: HttpClient, share: PageShare | undefined): AsyncIterable<Page> | undefined {
  const { projection: _projection, ...unprojected } = request;
  if (_projection === undefined || share?.holds(request.occurrence.relation.id) !== true) return undefined;
  return share.find(identify(request, http, methodCall(unprojected, call)));
}

async function* stripped(pages: AsyncIterable<Page>, secrets: readonly (readonly string[])[]): AsyncGenerator<Page, void, undefined> {
  for await (const page of pages) yield { ...page, bytes: withoutSecrets(page.bytes, page.rowsPath, secrets) };
}

function identify(request: ScanRequest, http: HttpClient, call: MethodCall): CallIdentity {
  const { verb, url } = http.describe(call);
  const { relation } = request.occurrence;
  return request.environment.pages.identify(call.org, [relation.id, call.method.name, verb, url, call.parameters, call.body ?? null]);
}

/** The pages of a call, those of an interrupted run first; the others are made durable as they come. */
async function* logged(
  request: ScanRequest,
  http: HttpClient,
  call: MethodCall,
  key: string,
  log: PageLog,
  secrets: readonly (readonly string[])[],
): AsyncGenerator<Page, void, undefined> {
  const { recorder, record } = request;
  let before = log.find(key);
  if (before?.missing !== undefined) {
    recorder.hit(record, 'the interrupted run', log.ageMs());
    throw before.missing;
  }
  let from = 0;
  let rest: AsyncIterator<Page> | undefined;
  let first: IteratorResult<Page> | undefined;
  const goOn = async (next: PageCursor): Promise<void> => {
    rest = http.pages(call, next)[Symbol.asyncIterator]();
    first = await orExpired(rest.next());
  };
  if (before !== undefined && !before.isWhole && before.next !== undefined) {
    await goOn(before.next);
    const range = first === undefined ? await continuationOf(http, request.occurrence.relation, call, before.pages) : undefined;
    if (range !== undefined) {
      await goOn(range.next);
      if (first !== undefined) {
        await log.replace(key, range.index, range.page, range.next);
        before = log.find(key);
        recorder.notice(
          'resume_by_range',
          `${record.relation}: the list was gone on with by a range over ${range.column}, as its cursor had expired`,
          record,
        );
      }
    }
    if (first === undefined) {
      await log.forget(key);
      recorder.notice(
        'resume_restarted',
        `${record.relation}: the list could not be gone on with, as its cursor has expired; it is read anew`,
        record,
      );
    }
  }
  const isContinued = before !== undefined && (before.isWhole || first !== undefined);
  if (before !== undefined && isContinued) {
    recorder.hit(record, 'the interrupted run', log.ageMs());
    yield* before.pages;
    from = before.count;
    if (before.isWhole) return;
  }
  rest = isContinued && rest !== undefined ? rest : http.pages(call)[Symbol.asyncIterator]();
  try {
    for (let next = first ?? (await rest.next()); next.done !== true; next = await rest.next()) {
      const page = next.value;
      await log.page(key, { ...page, bytes: withoutSecrets(page.bytes, page.rowsPath, secrets) });
      await log.cursor(key, page.next);
      yield { ...page, index: from++ };
    }
  } catch (error) {
    if (error instanceof OrgqlError && error.code === 'not_found' && from === 0) await log.missing(key, error);
    throw error;
  } finally {
    await rest.return?.();
  }
}

/** The first page after a stored cursor, or `undefined` where the API takes the cursor no more. */
async function orExpired(first: Promise<IteratorResult<Page>>): Promise<IteratorResult<Page> | undefined> {
  try {
    return await first;
  } catch (error) {
    const status = error instanceof OrgqlError ? error.api?.status : undefined;
    if (status !== undefined && [400, 404, 410, 422].includes(status)) return undefined;
    throw error;
  }
}

import { createHash } from 'node:crypto';
import { OrgqlError } from '../../util/errors.ts';
import { cancellation } from '../cancellation.ts';
import type { Head } from '../exchange.ts';
import { type PrepareContext, type PreparedRequest, prepareRequest, withPage } from '../request/prepare.ts';
import { label } from '../response/api-error.ts';
import { requestIdOf } from '../response/error-body.ts';
import { pageOf } from '../response/page.ts';
import type { Flight } from '../sharing.ts';
import type { MethodCall, Page, PageCursor } from '../types.ts';
import { nextFromHeaders } from './next-page.ts';

/** Cursors up to this length are remembered as they are. */
const LONGEST_PLAIN = 512;

/** Sends one request of a reading call; `onHead` is called when its headers are there. */
export type Fetch = (call: MethodCall, request: PreparedRequest, onHead: (head: Head) => void) => Flight;

interface Pending {
  readonly request: PreparedRequest;
  readonly flight: Flight;
  /** Is called at the first headers. */
  onHead: ((head: Head) => void) | undefined;
  head: Head | undefined;
}

/**
 * The pages of a call. The page after the current one is asked for as soon as the headers announce it, and no further: at most two
 * pages are in memory, however slow the reader is. From page `pagesWanted` on, nothing is asked for before the reader wants it.
 */
export async function* readPages(
  fetch: Fetch,
  context: PrepareContext,
  call: MethodCall,
  from: PageCursor | undefined,
): AsyncGenerator<Page, void, undefined> {
  const first = prepareRequest(call, context);
  const request = from === undefined ? first : withPage(call, first, context, { pathAndQuery: from.pathAndQuery, json: from.body });
  // Filled once there is a second page: most look-ups have none.
  const seen = new Set<string>();
  const isSeen = (cursor: PageCursor): boolean => {
    if (seen.size === 0) seen.add(fingerprint(cursorOf(request)));
    return seen.has(fingerprint(cursor));
  };
  const ask = (cursor: PageCursor): Pending =>
    begin(fetch, call, withPage(call, first, context, { pathAndQuery: cursor.pathAndQuery, json: cursor.body }));
  let current: Pending = begin(fetch, call, request);
  let announced: PageCursor | undefined;
  let announcedBy: Head['headers'] | undefined;
  let upcoming: Pending | undefined;
  let form: string | undefined;
  const lookAhead = (head: Head): void => {
    announced = quietly(() => nextFromHeaders(call, current.request, head.headers));
    announcedBy = head.headers;
    const cursor = announced;
    if (cursor !== undefined && !isSeen(cursor)) upcoming = quietly(() => ask(cursor));
  };
  try {
    for (let index = 0; ; index++) {
      const isAheadWanted = call.pagesWanted === undefined || index + 1 < call.pagesWanted;
      announced = undefined;
      if (isAheadWanted && current.head !== undefined) lookAhead(current.head);
      else if (isAheadWanted) current.onHead = lookAhead;
      const answer = await current.flight.answer;
      const page = pageOf(call, current.request, answer, context, answer.headers === announcedBy ? announced : undefined);
      if (page.kind !== 'nothing') form ??= page.kind;
      if (page.kind !== 'nothing' && page.kind !== form) throw formError(call, index);
      const { next } = page;
      // A page that was asked for twice, its first body lost, may end elsewhere the second time.
      if (
        upcoming !== undefined &&
        (next.kind !== 'page' ||
          announced === undefined ||
          (announced !== next.cursor && fingerprint(announced) !== fingerprint(next.cursor)))
      ) {
        cancel(upcoming);
        upcoming = undefined;
      }
      const following = next.kind === 'page' ? next.cursor : undefined;
      const trouble =
        next.kind === 'error' ? next.error : following !== undefined && isSeen(following) ? loopError(call, index) : undefined;
      if (following !== undefined && trouble === undefined) {
        seen.add(fingerprint(following));
        if (isAheadWanted) upcoming ??= ask(following);
      }
      const requestId = requestIdOf(answer.headers);
      yield {
        bytes: page.bytes,
        rowsPath: page.rowsPath,
        index,
        isLast: following === undefined && trouble === undefined,
        ...(following === undefined || trouble !== undefined ? {} : { next: following }),
        requestId,
      };
      // The page itself was whole: what is wrong with its successor matters only to who wants that.
      if (trouble !== undefined) throw trouble;
      if (following === undefined) return;
      if (call.signal?.aborted) throw cancellation(call.signal);
      current = upcoming ?? ask(following);
      upcoming = undefined;
    }
  } finally {
    cancel(current);
    if (upcoming !== undefined) cancel(upcoming);
  }
}

function begin(fetch: Fetch, call: MethodCall, request: PreparedRequest): Pending {
  if (call.signal?.aborted) throw cancellation(call.signal);
  let pending: Pending | undefined;
  let first: Head | undefined;
  const flight = fetch(call, request, (head) => {
    // A body that is lost brings its headers again: what they announced is under way.
    if (first !== undefined) return;
    first = head;
    if (pending === undefined) return;
    pending.head = head;
    pending.onHead?.(head);
  });
  // A request that was under way already may have had its headers.
  pending = { request, flight, onHead: undefined, head: first };
  return pending;
}

function cancel({ flight }: Pending): void {
  flight.leave(() => cancellation(undefined));
}

function quietly<T>(find: () => T | undefined): T | undefined {
  try {
    return find();
  } catch {
    // Found again, and reported, once the page itself is there.
    return undefined;
  }
}

function cursorOf(request: PreparedRequest): PageCursor {
  return { pathAndQuery: `${request.url.pathname}${request.url.search}`, ...(request.json === undefined ? {} : { body: request.json }) };
}

function fingerprint({ pathAndQuery, body }: PageCursor): string {
  const text = body === undefined ? pathAndQuery : `${pathAndQuery}\n${JSON.stringify(body)}`;
  // A short one is kept as it is: a digest costs more than the rest of a page's bookkeeping.
  return text.length <= LONGEST_PLAIN ? text : createHash('sha1').update(text).digest('base64');
}

function formError(call: MethodCall, index: number): OrgqlError {
  return new OrgqlError('invalid_response', `Page ${index + 1} of ${label(call)} has another form than the pages before it`, {
    detail: 'A list does not change from an array to an object, or the other way, between two pages.',
    hint: 'Nothing was taken from that page. Something between here and the API may have answered in its place; try again.',
  });
}

function loopError(call: MethodCall, index: number): OrgqlError {
  return new OrgqlError(
    'invalid_response',
    `The list of ${label(call)} does not end: page ${index + 1} leads back to a page that was read already`,
    {
      detail: 'The API gave the same cursor twice.',
      hint: 'The rows up to there are whole, but nobody can say whether more follow. Try again; if it stays so, report it to the API.',
    },
  );
}

import { createHash } from 'node:crypto';
import { OrgqlError } from '../../util/errors.ts';
import { cancellation } from '../cancellation.ts';
import type { Answer, Head } from '../exchange.ts';
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
  /** The first headers that came. */
  head: Head | undefined;
}

const OVER: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * The pages of a call. The page after the current one is asked for as soon as the headers announce it, and no further: at most two
 * pages are in memory, however slow the reader is. From page `pagesWanted` on, nothing is asked for before the reader wants it.
 */
export function readPages(
  fetch: Fetch,
  context: PrepareContext,
  call: MethodCall,
  from: PageCursor | undefined,
): AsyncIterableIterator<Page> {
  return new Pages(fetch, context, call, from);
}

/** A class and no generator: a look-up is a list of one page, and there are thousands at once. Ends with its last page, an error or `return`. */
class Pages implements AsyncIterableIterator<Page> {
  readonly #fetch: Fetch;
  readonly #context: PrepareContext;
  readonly #call: MethodCall;
  readonly #from: PageCursor | undefined;
  #first: PreparedRequest | undefined;
  #current: Pending | undefined;
  /** What the headers of the current page announced, and those headers. */
  #announced: PageCursor | undefined;
  #announcedBy: Head['headers'] | undefined;
  #upcoming: Pending | undefined;
  #index = 0;
  #form: string | undefined;
  #hasList = false;
  /** Where the list goes on after the last page that was given, or why it does not. */
  #following: PageCursor | undefined;
  #trouble: { readonly error: unknown } | undefined;
  /** Filled once there is a second page: most look-ups have none. */
  #seen: Set<string> | undefined;
  #isOver = false;
  #isReading = false;
  #reading: Promise<IteratorResult<Page, undefined>> | undefined;

  constructor(fetch: Fetch, context: PrepareContext, call: MethodCall, from: PageCursor | undefined) {
    this.#fetch = fetch;
    this.#context = context;
    this.#call = call;
    this.#from = from;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Whoever asks for the next page before this one is there gets them in turn. */
  next(): Promise<IteratorResult<Page, undefined>> {
    const reading = this.#isReading ? this.#whenRead().then(() => this.#read()) : this.#read();
    this.#reading = reading;
    return reading;
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    if (this.#isReading) await this.#whenRead();
    this.#end();
    return OVER;
  }

  async #whenRead(): Promise<void> {
    await this.#reading?.catch(() => {});
  }

  async #read(): Promise<IteratorResult<Page, undefined>> {
    if (this.#isOver) return OVER;
    this.#isReading = true;
    try {
      const current = this.#turn();
      if (current === undefined) {
        this.#end();
        return OVER;
      }
      const answer = await current.flight.answer;
      return { done: false, value: this.#pageOf(current, answer) };
    } catch (error) {
      this.#end();
      throw error;
    } finally {
      this.#isReading = false;
    }
  }

  /** Makes the next request the current one; `undefined` at the end of the list. */
  #turn(): Pending | undefined {
    const call = this.#call;
    if (this.#first === undefined) {
      const first = prepareRequest(call, this.#context);
      this.#first = first;
      this.#current = this.#begin(this.#from === undefined ? first : this.#requestOf(first, this.#from));
    } else {
      // The page itself was whole: what is wrong with its successor matters only to who wants that.
      if (this.#trouble !== undefined) throw this.#trouble.error;
      if (this.#following === undefined) return undefined;
      if (call.signal?.aborted) throw cancellation(call.signal);
      this.#current = this.#upcoming ?? this.#ask(this.#following);
      this.#upcoming = undefined;
      this.#index++;
    }
    this.#announced = undefined;
    if (this.#current.head !== undefined) this.#lookAhead(this.#current, this.#current.head);
    return this.#current;
  }

  #isAheadWanted(): boolean {
    const { pagesWanted } = this.#call;
    return pagesWanted === undefined || this.#index + 1 < pagesWanted;
  }

  #lookAhead(current: Pending, head: Head): void {
    if (!this.#isAheadWanted()) return;
    const announced = quietly(() => nextFromHeaders(this.#call, current.request, head.headers));
    this.#announced = announced;
    this.#announcedBy = head.headers;
    if (announced !== undefined && !this.#isSeen(announced)) this.#upcoming = quietly(() => this.#ask(announced));
  }

  /** Checks the current page, and finds and asks for its successor. */
  #pageOf(current: Pending, answer: Answer): Page {
    const call = this.#call;
    const index = this.#index;
    const announced = this.#announced;
    const page = pageOf(call, current.request, answer, this.#context, answer.headers === this.#announcedBy ? announced : undefined);
    if (page.kind === 'nothing') {
      if (index > 0) throw nothingError(call, index);
    } else {
      this.#form ??= page.kind;
      if (page.kind !== this.#form) throw formError(call, index);
      if (index === 0) this.#hasList = page.hasList;
      // APIs that name the next page by a token leave out what is empty, a list too; those that link to it do not.
      else if (this.#hasList && !page.hasList && !isByToken(call)) throw missingListError(call, index);
    }
    const { next } = page;
    // A page that was asked for twice, its first body lost, may end elsewhere the second time.
    if (this.#upcoming !== undefined && !(next.kind === 'page' && announced !== undefined && isSameCursor(announced, next.cursor))) {
      cancel(this.#upcoming);
      this.#upcoming = undefined;
    }
    const following = next.kind === 'page' ? next.cursor : undefined;
    const isLoop = following !== undefined && this.#isSeen(following);
    this.#trouble = next.kind === 'error' ? { error: next.error } : isLoop ? { error: loopError(call, index) } : undefined;
    this.#following = this.#trouble === undefined ? following : undefined;
    if (this.#following !== undefined) {
      this.#seen?.add(fingerprint(this.#following));
      if (this.#isAheadWanted()) this.#upcoming ??= this.#ask(this.#following);
    }
    return {
      bytes: page.bytes,
      rowsPath: page.rowsPath,
      index,
      isLast: following === undefined && this.#trouble === undefined,
      ...(this.#following === undefined ? {} : { next: this.#following }),
      requestId: requestIdOf(answer.headers),
    };
  }

  #isSeen(cursor: PageCursor): boolean {
    this.#seen ??= new Set(this.#current === undefined ? [] : [fingerprint(cursorOf(this.#current.request))]);
    return this.#seen.has(fingerprint(cursor));
  }

  #ask(cursor: PageCursor): Pending {
    return this.#begin(this.#requestOf(this.#first ?? prepareRequest(this.#call, this.#context), cursor));
  }

  #requestOf(first: PreparedRequest, { pathAndQuery, body }: PageCursor): PreparedRequest {
    return withPage(this.#call, first, this.#context, { pathAndQuery, json: body });
  }

  #begin(request: PreparedRequest): Pending {
    const { signal } = this.#call;
    if (signal?.aborted) throw cancellation(signal);
    let pending: Pending | undefined;
    let early: Head | undefined;
    const flight = this.#fetch(this.#call, request, (head) => {
      // A request that was under way already may have had its headers.
      if (pending === undefined) early ??= head;
      // A body that is lost brings its headers again: what they announced is under way.
      else if (pending.head === undefined) {
        pending.head = head;
        if (pending === this.#current) this.#lookAhead(pending, head);
      }
    });
    pending = { request, flight, head: early };
    return pending;
  }

  #end(): void {
    this.#isOver = true;
    if (this.#current !== undefined) cancel(this.#current);
    if (this.#upcoming !== undefined) cancel(this.#upcoming);
  }
}

function isSameCursor(one: PageCursor, other: PageCursor): boolean {
  return one === other || fingerprint(one) === fingerprint(other);
}

function cancel({ flight }: Pending): void {
  flight.leave(notWanted);
}

function notWanted(): OrgqlError {
  return cancellation(undefined);
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

function nothingError(call: MethodCall, index: number): OrgqlError {
  return new OrgqlError('invalid_response', `Page ${index + 1} of ${label(call)} is no page: null came, or no body`, {
    detail: 'The page before it announced it. Where nothing follows, a page is an empty list.',
    hint: 'Nothing was taken from that page. Something between here and the API may have answered in its place; try again.',
  });
}

function isByToken({ method: { pagination } }: MethodCall): boolean {
  return pagination.algorithm === 'token' && pagination.response?.location === 'body';
}

function missingListError(call: MethodCall, index: number): OrgqlError {
  const name = call.method.response.rowsPath.join('.');
  return new OrgqlError('invalid_response', `Page ${index + 1} of ${label(call)} has no "${name}", which the pages before it had`, {
    detail: 'A page without rows has an empty list; one without a list is no page of it, and the rows that follow are not known.',
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

import type { Method } from '../../catalog/types.ts';
import type { HttpClient, OrgConnection, Page, PageCursor } from '../../http/types.ts';
import type { Wanted } from '../../plan/projection.ts';
import type { OrgqlError } from '../../util/errors.ts';

/** Whose answer a page is: two calls with the same identity ask the same thing of the same org. Holds no secret and no value. */
export interface CallIdentity {
  /** Digest of org, address, method and parameters. */
  readonly key: string;
  /** Digest of the org alone: what a write makes old. */
  readonly org: string;
  /** How many writes this session has begun or ended in the org. */
  readonly epoch: number;
}

/** Pages that the statements of one script share, so that an identical call is made once. Closed by who opened it. */
export interface PageShare {
  /** The relation will be read again, for this: its pages are kept. */
  readonly expect: (relation: string, wanted: Wanted) => void;
  /** The text of the statements that are still to come: relations that it names are kept. */
  readonly expectIn: (text: string) => void;
  readonly isExpected: (relation: string) => boolean;
  /** What a fetch of the relation must bring for all who are known to read it. */
  readonly wanted: (relation: string) => Wanted;
  /** True where a whole call of the relation is kept. */
  readonly holds: (relation: string) => boolean;
  readonly find: (identity: CallIdentity) => AsyncIterable<Page> | undefined;
  /** Hands the pages on and keeps them, if they are read to their end. */
  readonly fill: (identity: CallIdentity, relation: string, pages: AsyncIterable<Page>) => AsyncIterable<Page>;
  readonly close: () => Promise<void>;
}

/** A whole fetch of an earlier statement or process. */
export interface CachedPages {
  readonly ageMs: number;
  readonly pages: AsyncIterable<Page>;
  /** In place of reading the pages. */
  readonly leave: () => Promise<void>;
}

/** Whole fetches on disk: mode 0600, secrets left out, each checked before it is used. */
export interface PageCache {
  /** False where nothing was ever kept. */
  readonly hasAny: () => Promise<boolean>;
  /** `undefined`: nothing that is young enough and whole. `onBroken` is told of a file that cannot be trusted. */
  readonly find: (identity: CallIdentity, maxAgeMs: number, onBroken: (why: string) => void) => Promise<CachedPages | undefined>;
  /** Hands the pages on and keeps them; `onLost` is told where they cannot be kept. */
  readonly fill: (
    identity: CallIdentity,
    secrets: readonly (readonly string[])[],
    pages: AsyncIterable<Page>,
    onLost: (why: string) => void,
  ) => AsyncIterable<Page>;
}

/** What an interrupted run has of one call. */
export interface LoggedCall {
  /** Pages whose cursor, or whose being the last, is known. */
  readonly count: number;
  readonly isWhole: boolean;
  /** Where the list goes on; absent when it is whole. */
  readonly next?: PageCursor;
  /** The API does not know the object: so it was found then. */
  readonly missing?: OrgqlError;
  readonly pages: AsyncIterable<Page>;
}

/** The pages of one statement, durable in a folder: a run that was killed goes on from there. */
export interface PageLog {
  readonly directory: string;
  /** The statement's time, as its first run saw it, epoch milliseconds. */
  readonly now: number;
  /** How long ago the run began. */
  readonly ageMs: () => number;
  /** True where an interrupted run left pages. */
  readonly hasPages: boolean;
  readonly find: (key: string) => LoggedCall | undefined;
  /** Durable when it resolves. */
  readonly page: (key: string, page: Page) => Promise<void>;
  /** Where the call goes on, once the page before is durable; without a cursor the call is whole. */
  readonly cursor: (key: string, next: PageCursor | undefined) => Promise<void>;
  readonly missing: (key: string, error: OrgqlError) => Promise<void>;
  /** The call's pages from this one on give way to it, and the list goes on at `next`: all at once, or not at all. Durable when it resolves. */
  readonly replace: (key: string, index: number, page: Page, next: PageCursor) => Promise<void>;
  /** Its cursor has expired: what is there of the call counts no more. */
  readonly forget: (key: string) => Promise<void>;
  /** The statement has given all its rows. */
  readonly finish: () => void;
}

/** Where a session's pages come from besides the API. Closed by the session. */
export interface PageSources {
  readonly identify: (org: OrgConnection, parts: readonly unknown[]) => CallIdentity;
  readonly share: () => PageShare;
  readonly cache: PageCache;
  /** The log of a statement in a folder; one process at a time. Throws `io_error` where another has it. */
  readonly log: (directory: string, statement: string, now: number) => Promise<PageLog>;
  /** The folder that keeps what a statement had fetched when `--max-calls` stopped it; `undefined` without a data folder. */
  readonly handle: () => string | undefined;
  /** True for a method that reads what this session has written within the last minute. */
  readonly hasWritten: (provider: string, method: Method) => boolean;
  /** The client, its writes watched: what was fetched before one is not used after it. */
  readonly watch: (http: HttpClient) => HttpClient;
  /** Drops what finished statements kept. */
  readonly close: () => Promise<void>;
}

/** What of this a statement uses; the statements inside it use the same. */
export interface StatementPages {
  readonly share?: PageShare;
  readonly log?: PageLog;
}

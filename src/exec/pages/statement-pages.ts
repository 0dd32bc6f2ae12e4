import type { TextSlice } from '../../sql/statement.ts';
import { joinSentences, OrgqlError, withParts } from '../../util/errors.ts';
import type { Environment } from '../environment.ts';
import type { Recorder } from '../recorder.ts';
import type { Cursor, ExecuteOptions } from '../types.ts';
import type { PageShare, StatementPages } from './types.ts';

/** A statement's surroundings, once its sources of pages are open. */
export interface OpenedPages<Options extends ExecuteOptions> {
  readonly environment: Environment;
  readonly options: Options & { readonly pages: StatementPages & { readonly share: PageShare } };
  /** Everything is fetched: what only this statement shared is dropped. */
  readonly fetched: () => Promise<void>;
  /** An error with what was fetched, and how to go on. */
  readonly explain: (error: unknown) => unknown;
}

/**
 * Opens what a statement's options ask for: a share, and with a resume folder the log of its pages. A run that goes on sees the time
 * that the interrupted one saw, so that it makes the same calls.
 */
export async function openStatementPages<Options extends ExecuteOptions>(
  environment: Environment,
  query: TextSlice,
  options: Options,
  recorder: Recorder,
): Promise<OpenedPages<Options>> {
  const share = options.pages?.share ?? environment.pages.share();
  const directory = options.resumeDirectory ?? (options.maxCalls === undefined ? undefined : environment.pages.handle());
  const statement = JSON.stringify([query.text, options.parameters ?? {}], (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  const log =
    options.pages?.log ?? (directory === undefined ? undefined : await environment.pages.log(directory, statement, environment.now()));
  if (log?.hasPages === true)
    recorder.notice('resumed', `The statement goes on from what an interrupted run left in ${directory ?? log.directory}`);
  if (log !== undefined) recorder.whenWhole(log.finish);
  return {
    environment: log === undefined ? environment : { ...environment, now: () => log.now },
    options: { ...options, pages: { share, ...(log === undefined ? {} : { log }) } },
    fetched: async () => {
      if (options.pages?.share === undefined) await share.close();
    },
    explain: (error) => explained(error, directory, options, recorder),
  };
}

/** The cursor with errors that say how to go on. */
export function explaining(cursor: Cursor, explain: (error: unknown) => Promise<unknown>): Cursor {
  async function* batches(): Cursor['batches'] {
    try {
      yield* cursor.batches;
    } catch (error) {
      throw await explain(error);
    }
  }
  return { ...cursor, batches: batches() };
}

/** What may pass, or be put right outside of the statement. */
function mayPass({ code, api }: OrgqlError): boolean {
  if (code === 'api_error') return api === undefined || api.status < 400 || api.status >= 500;
  return ['rate_limited', 'unreachable', 'invalid_response', 'timeout', 'cancelled', 'not_found'].includes(code);
}

const KEEPS_NOTHING = new Set(['internal', 'syntax_error', 'query_failed', 'usage']);

function explained(error: unknown, directory: string | undefined, options: ExecuteOptions, recorder: Recorder): unknown {
  if (!(error instanceof OrgqlError) || KEEPS_NOTHING.has(error.code)) return error;
  const { requests, relations } = recorder.receipt();
  if (requests === 0) return error;
  const read = relations
    .filter((relation) => relation.pages > 0)
    .map(({ relation, pages, rows }) => `${relation} (${pages} ${pages === 1 ? 'page' : 'pages'}, ${rows} ${rows === 1 ? 'row' : 'rows'})`);
  const fetched =
    read.length === 0 ? undefined : `Until then ${requests} ${requests === 1 ? 'request' : 'requests'} had read ${read.join(', ')}.`;
  const goOn =
    options.howToResume ??
    (directory !== undefined
      ? `To go on from there, run the same statement with --resume-dir ${directory}${options.maxCalls === undefined ? '' : ' and more calls'}.`
      : read.length > 0 && mayPass(error)
        ? 'Run the statement again; with --resume-dir DIR it keeps what it reads, and goes on from there if it fails once more.'
        : undefined);
  const detail = joinSentences(error.detail, fetched);
  const hint = joinSentences(error.hint, goOn);
  return withParts(error, { ...(detail === undefined ? {} : { detail }), ...(hint === undefined ? {} : { hint }) });
}

/**
 * orgql as a library: SQL over an Okta org, in this process. It writes nothing to stdio, reads no configuration file, of the
 * environment only what the options name and the proxy's settings, and keeps no state outside of what `open` gives.
 *
 * ```ts
 * import { open } from 'orgql';
 *
 * const db = await open({ orgs: { acme: { orgUrl: 'https://acme.okta.com', token: process.env.ACME_TOKEN } } });
 * const users = await db.query("SELECT id, profile.email AS email FROM okta.user.users WHERE status = $status", { parameters: { status: 'ACTIVE' } });
 * for await (const user of users) console.log(user.id, user.email);
 * console.log(users.receipt().complete);
 * await db.close();
 * ```
 */
import type { Cursor, ExecuteOptions } from './exec/types.ts';
import { type OpenOptions, sessionConfigOf } from './library/options.ts';
import { type Connection, wrapSession } from './library/result.ts';

export type { Catalog } from './catalog/types.ts';
export type { EngineColumn, SqlValue } from './engine/types.ts';
export type { Notice, Progress, Receipt, RelationReceipt, WritePreview } from './exec/types.ts';
export type { OAuthOptions, OpenOptions, OrgOptions, TokenOption } from './library/options.ts';
export type { Analysis, AnalyzeOptions, Connection, CountedRelation, Result, Row, RowValue } from './library/result.ts';
export { ERROR_CODES, type ErrorCode } from './util/error-codes.ts';
export { type ApiFault, OrgqlError, type Span } from './util/errors.ts';
export type { Cursor, ExecuteOptions };

/**
 * Opens a connection. Without options it reaches the built-in `demo` org, which needs no account and no network.
 * No request is sent and no secret is read before a statement needs it. The caller closes it.
 * @throws OrgqlError `invalid_config` for an org URL or a setting that cannot be used
 */
export async function open(options: OpenOptions = {}): Promise<Connection> {
  const config = sessionConfigOf(options);
  const { openSession } = await import('./session.ts');
  return wrapSession(await openSession(config, { environment: options.environment ?? process.env }));
}

/** orgql as a library: one session for all rounds, as a program would keep it. */
import { pathToFileURL } from 'node:url';
import type { Setup } from '../contender.ts';

type Library = typeof import('../../src/index.ts');
export type Connection = Awaited<ReturnType<Library['open']>>;

/** Opens a connection to the emulated org. */
export async function connect(setup: Setup): Promise<Connection> {
  const { open } = (await import(pathToFileURL(`${setup.dist}/index.js`).href)) as Library;
  return open({ orgs: { bench: { orgUrl: setup.url, token: setup.token } }, defaultOrg: 'bench' });
}

/** All rows of a query, as arrays. */
export async function rowsOf(connection: Connection, sql: string): Promise<(readonly unknown[])[]> {
  const result = await connection.query(sql);
  const rows: (readonly unknown[])[] = [];
  for await (const batch of result.batches) rows.push(...batch);
  if (!result.receipt().complete) throw new Error('The result is not complete');
  return rows;
}

import { Pool } from 'undici';
import type { Contender } from '../contender.ts';
import { nextLink } from './next-link.ts';

interface Factor {
  readonly id: string;
  readonly factorType: string;
}

/** The same by an undici pool with as many connections as orgql has requests under way. */
export const prepare: Contender['prepare'] = async ({ url, token, options }) => {
  const concurrency = Number(options.concurrency);
  const pool = new Pool(url, { connections: concurrency });
  const headers = { authorization: `SSWS ${token}` };
  return async () => {
    const ids: string[] = [];
    let next: string | undefined = '/api/v1/users?limit=200';
    while (next !== undefined) {
      const { headers: received, body } = await pool.request({ method: 'GET', path: next, headers });
      for (const { id } of (await body.json()) as { readonly id: string }[]) ids.push(id);
      const link = nextLink(received.link);
      next = link === undefined ? undefined : link.slice(new URL(link).origin.length);
    }
    const rows: (readonly [string, string, string])[] = [];
    let at = 0;
    const work = async (): Promise<void> => {
      while (at < ids.length) {
        const id = ids[at++] as string;
        const { statusCode, body } = await pool.request({ method: 'GET', path: `/api/v1/users/${id}/factors`, headers });
        if (statusCode !== 200) throw new Error(`Status ${statusCode}`);
        for (const factor of (await body.json()) as Factor[]) rows.push([id, factor.id, factor.factorType]);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
    return { answer: [rows.length, new Set(rows.map(([user]) => user)).size] };
  };
};

import { request } from 'undici';
import type { Contender } from '../contender.ts';
import { nextLink, ordered } from './next-link.ts';

interface User {
  readonly profile: { readonly department: string };
}

/** The same count by the loop that people write: undici, JSON.parse, a Map. */
export const prepare: Contender['prepare'] = async ({ url, token }) => {
  return async () => {
    const counts = new Map<string, number>();
    let next: string | undefined = `${url}/api/v1/users?limit=200`;
    while (next !== undefined) {
      const { statusCode, headers, body } = await request(next, { headers: { authorization: `SSWS ${token}` } });
      if (statusCode !== 200) throw new Error(`Status ${statusCode}`);
      const users = JSON.parse(await body.text()) as User[];
      for (const { profile } of users) counts.set(profile.department, (counts.get(profile.department) ?? 0) + 1);
      next = nextLink(headers.link);
    }
    return { answer: ordered(counts) };
  };
};

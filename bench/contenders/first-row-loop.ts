import { request } from 'undici';
import type { Contender } from '../contender.ts';

/** From the request of the first page to its last byte. */
export const prepare: Contender['prepare'] = async ({ url, token }) => {
  return async () => {
    const { body } = await request(`${url}/api/v1/users?limit=200`, { headers: { authorization: `SSWS ${token}` } });
    const users = JSON.parse(await body.text()) as { readonly id: string }[];
    return { answer: users[0]?.id };
  };
};

import type { Contender } from '../contender.ts';
import { pageThrough } from './page-through.ts';

export const prepare: Contender['prepare'] = async ({ url, token }) => {
  return async () => ({ answer: await pageThrough(url, token) });
};

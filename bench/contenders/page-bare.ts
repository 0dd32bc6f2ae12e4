import type { Contender } from '../contender.ts';
import { pageThrough } from './page-through.ts';

export const prepare: Contender['prepare'] = async ({ token, options }) => {
  return async () => ({ answer: await pageThrough(String(options.bare), token) });
};

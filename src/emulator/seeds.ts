import { bulkUsers } from './seeds/bulk-users.ts';
import { demo } from './seeds/demo.ts';
import { reference } from './seeds/reference.ts';
import type { Seed } from './types.ts';

/** The named seeds. Every seed may be given further users by count. */
export const SEEDS: Readonly<Record<string, Seed>> = {
  demo,
  reference,
  empty: (org, { users }) => bulkUsers(org, users),
};

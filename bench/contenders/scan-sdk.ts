import { createRequire } from 'node:module';
import type { Contender } from '../contender.ts';
import { ordered } from './next-link.ts';

interface Sdk {
  readonly Client: new (
    options: object,
  ) => {
    readonly userApi: {
      listUsers(options: object): Promise<{ each(visit: (user: { profile: { department: string } }) => void): Promise<unknown> }>;
    };
  };
}

/** The same count by the iterator of Okta's own SDK. */
export const prepare: Contender['prepare'] = async ({ url, token }) => {
  const { Client } = createRequire(import.meta.url)('@okta/okta-sdk-nodejs') as Sdk;
  const client = new Client({ orgUrl: url, token, testing: { disableHttpsCheck: true } });
  return async () => {
    const counts = new Map<string, number>();
    const users = await client.userApi.listUsers({ limit: 200 });
    await users.each(({ profile }) => {
      counts.set(profile.department, (counts.get(profile.department) ?? 0) + 1);
    });
    return { answer: ordered(counts) };
  };
};

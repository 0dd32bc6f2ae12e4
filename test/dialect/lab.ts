import { openSession } from '../../src/session.ts';
import type { Session } from '../../src/session-types.ts';
import { dialectOrg, NOW } from './dialect-org.ts';
import { type Oracle, openOracle } from './oracle.ts';
import type { Known } from './random-query.ts';

/** A session on the dialect org, beside plain tables of the same org. */
export interface Lab {
  readonly session: Session;
  readonly oracle: Oracle;
  readonly known: Known;
  readonly close: () => Promise<void>;
}

export async function openLab(): Promise<Lab> {
  const org = await dialectOrg();
  const oracle = await openOracle(org.emulator.org);
  const ids = async (table: string): Promise<[string, ...string[]]> =>
    (await oracle.run(`SELECT id FROM okta.${table} ORDER BY id`)).map(([id]) => String(id)) as [string, ...string[]];
  const known = {
    users: await ids('user.users'),
    groups: await ids('group.groups'),
    apps: await ids('application.apps'),
    policies: await ids('policy.policies'),
  };
  const session = await openSession({
    orgs: [
      { name: 'd', provider: 'okta', orgUrl: org.url, secret: { kind: 'literal', value: org.emulator.token }, budget: 1, origin: 'test' },
    ],
    now: NOW,
  });
  return {
    session,
    oracle,
    known,
    close: async () => {
      await session.close();
      oracle.close();
      await org.close();
    },
  };
}

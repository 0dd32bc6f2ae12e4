import type { Contender } from '../contender.ts';
import { connect, rowsOf } from './orgql.ts';

/** The factors of every user that is not deprovisioned: one call for each user. */
export const prepare: Contender['prepare'] = async (setup) => {
  const connection = await connect(setup);
  return async () => {
    const rows = await rowsOf(
      connection,
      "SELECT u.id, f.id, f.factorType FROM okta.user.users u JOIN okta.userfactor.factors f ON f.userId = u.id WHERE u.status <> 'DEPROVISIONED'",
    );
    return { answer: [rows.length, new Set(rows.map(([user]) => user)).size] };
  };
};

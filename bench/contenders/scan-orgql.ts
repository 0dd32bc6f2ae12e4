import type { Contender } from '../contender.ts';
import { connect, rowsOf } from './orgql.ts';

/** All users but the deprovisioned, as `GET /users` lists them, counted by department: in SQL. */
export const prepare: Contender['prepare'] = async (setup) => {
  const connection = await connect(setup);
  return async () => {
    const rows = await rowsOf(
      connection,
      "SELECT profile.department, count(*) FROM okta.user.users WHERE status <> 'DEPROVISIONED' GROUP BY 1 ORDER BY 1",
    );
    return { answer: rows.map(([department, count]) => [department, Number(count)]) };
  };
};

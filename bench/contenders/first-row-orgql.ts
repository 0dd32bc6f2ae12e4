import type { Contender } from '../contender.ts';
import { connect } from './orgql.ts';

/** From the statement to its first row. */
export const prepare: Contender['prepare'] = async (setup) => {
  const connection = await connect(setup);
  return async () => {
    const result = await connection.query("SELECT id, profile.email FROM okta.user.users WHERE status <> 'DEPROVISIONED'");
    for await (const batch of result.batches) return { answer: batch[0]?.[0] };
    throw new Error('No row came');
  };
};

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Library from '../src/index.ts';
import { applications } from '../test/tasks/applications.ts';
import { backup } from '../test/tasks/backup.ts';
import { groups } from '../test/tasks/groups.ts';
import { logs } from '../test/tasks/logs.ts';
import { policies } from '../test/tasks/policies.ts';
import { posture } from '../test/tasks/posture.ts';
import { privilege } from '../test/tasks/privilege.ts';
import { NOW } from '../test/tasks/task.ts';
import { startEmulator } from './emulator.ts';
import type { Figure } from './figures.ts';
import { DIST } from './scale.ts';

/** (f) Calls of every task against the fewest that can answer it, and what EXPLAIN says beforehand once the org was counted. */
export async function measureCalls(): Promise<Figure[]> {
  const { open } = (await import(pathToFileURL(join(DIST, 'index.js')).href)) as typeof Library;
  const emulator = await startEmulator(['--seed', 'reference', '--now', new Date(NOW).toISOString()]);
  const connect = (): Promise<Library.Connection> =>
    open({ orgs: { reference: { orgUrl: emulator.url, token: emulator.token, budget: 1 } }, now: NOW });
  const counted = await connect();
  try {
    const analysis = await counted.analyze();
    const figures: Figure[] = [];
    for (const { name, sql, floor, emptyPages = 0 } of [
      ...posture,
      ...privilege,
      ...groups,
      ...applications,
      ...policies,
      ...logs,
      ...backup,
    ]) {
      const [plan] = await (await counted.query(`EXPLAIN ${sql}`)).toArray();
      const calls = (plan?.plan_json as { readonly calls: unknown } | undefined)?.calls;
      // Knows nothing, so that no task profits from another.
      const connection = await connect();
      const result = await connection.query(sql);
      for await (const _ of result.batches) {
        // Only the receipt counts.
      }
      const { requests } = result.receipt();
      await connection.close();
      figures.push({
        name: `f. task ${name}`,
        value: requests,
        unit: 'calls',
        target: { most: Math.floor(Math.max(floor, 1.02 * floor)) + emptyPages },
        basis: `floor ${floor}; EXPLAIN says ${calls === null ? 'unknown' : String(calls)}`,
      });
    }
    figures.push({
      name: 'f. org analyze',
      value: analysis.calls,
      unit: 'calls',
      basis: `${analysis.relations.length} relations`,
    });
    return figures;
  } finally {
    await counted.close();
    await emulator.stop();
  }
}

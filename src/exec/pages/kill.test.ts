import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isBuilt, runKilled } from './test-kill.ts';
import { type Lab, openLab, readAll } from './test-lab.ts';

// Pages of users, then the members of every group: a list and many small ones.
const SQL =
  'SELECT g.id AS g, u.id, u.profile.login AS login, a.status FROM okta.group.groups g JOIN okta.group.users u ON u.groupId = g.id JOIN okta.user.users a ON a.id = u.id AND a.created < now() ORDER BY 1, 2';
/** The page being stored, and the one after it, which is asked for ahead; calls go one by one here. */
const IN_FLIGHT = 2;

let lab: Lab;
let home: string;
let whole: string[];
let requests: number;
beforeAll(async () => {
  lab = await openLab(900);
  home = mkdtempSync(join(tmpdir(), 'orgql-kill-'));
  writeFileSync(
    join(home, 'orgql.yaml'),
    `default_org: lab\norgs:\n  lab: { org_url: ${lab.url}, token: "${lab.token}", max_concurrency: 1 }\n`,
  );
  const session = await lab.open();
  whole = (await readAll(session, SQL)).rows;
  await session.close();
  requests = lab.taken().length;
});
afterAll(async () => {
  await lab.close();
  rmSync(home, { recursive: true, force: true });
});

// The first write names the statement; a page and its cursor follow each other from then on.
const anyPage = (): number => 1 + Math.floor(Math.random() * 10);
const POINTS = Array.from({ length: 2 }, () => [
  `${2 * anyPage()}:before`,
  `${2 * anyPage()}:half`,
  `${2 * anyPage()}:after`,
  `${2 * anyPage() + 1}:half`,
  `${2 * anyPage() + 1}:after`,
]).flat();

test.skipIf(!isBuilt).each(POINTS)(
  'a run that is killed at write %s goes on, with the same rows and no more requests than were under way',
  { timeout: 60_000 },
  async (point) => {
    const directory = mkdtempSync(join(home, 'resume-'));
    expect(
      await runKilled(['exec', SQL, '-o', 'jsonl', '--resume-dir', directory, '--config', join(home, 'orgql.yaml')], point, home),
    ).toBe('SIGKILL');
    const before = lab.taken().length;
    const session = await lab.open();
    const { rows, receipt } = await readAll(session, SQL, { resumeDirectory: directory });
    await session.close();
    const after = lab.taken().length;
    expect(rows).toEqual(whole);
    expect(receipt.complete).toBe(true);
    expect(before + after).toBeLessThanOrEqual(requests + Math.min(before, IN_FLIGHT));
    expect(after).toBeLessThanOrEqual(requests);
    expect(readdirSync(directory)).toEqual([]);
  },
);

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openSession } from '../../src/session.ts';

const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
const blocks = [...readme.matchAll(/^```sql\n(.*?)^```/gms)].map((match) => match[1] ?? '');

describe('every SQL block of the README runs on the demo org', () => {
  test.each(blocks)('%s', async (sql) => {
    const session = await openSession({ orgs: [], defaultOrg: 'demo' });
    try {
      const results: unknown[] = [];
      for await (const cursor of session.execute(sql)) {
        let rows = 0;
        for await (const batch of cursor.batches) rows += batch.length;
        results.push({
          command: cursor.command,
          gaveSomething: rows > 0 || cursor.message() !== undefined,
          complete: cursor.receipt().complete,
        });
      }
      expect(results.length).toBeGreaterThan(0);
      for (const result of results) expect(result).toMatchObject({ gaveSomething: true, complete: true });
    } finally {
      await session.close();
    }
  });
});

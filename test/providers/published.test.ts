import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Method } from '../../src/catalog/types.ts';
import { rowsOf } from '../../src/session/test-session.ts';
import { openSession } from '../../src/session.ts';
import type { Session } from '../../src/session-types.ts';

// Published provider documents, as reference data beside the checkout; without them there is nothing to check here.
const PROVIDERS = fileURLToPath(new URL('../../../shared/stackql/providers', import.meta.url));
/** One relation in so many is planned: all of them take a minute. */
const EVERY = 20;

describe.skipIf(!existsSync(PROVIDERS))('published providers (skipped where ../shared is absent)', () => {
  let session: Session;

  beforeAll(async () => {
    session = await openSession({ orgs: [], providerRoots: [PROVIDERS] });
  });

  afterAll(() => session.close());

  test.each(['clickhouse', 'digitalocean', 'fivetran', 'github', 'godaddy', 'homebrew', 'openai', 'pagerduty', 'okta'])(
    'of %s can be shown, described and planned, without a request',
    { timeout: 120_000 },
    async (name) => {
      const provider = await session.catalog.provider(name);
      const relations = (await Promise.all(provider.services.map((service) => provider.relations(service.name)))).flat();
      for (const relation of relations.filter((_, index) => index % EVERY === 0)) {
        const quoted = [relation.provider, relation.service, relation.name].map((part) => `"${part}"`).join('.');
        expect(await rowsOf(await session.query(`SHOW METHODS EXTENDED IN ${quoted}`))).toHaveLength(relation.methods.length);
        await rowsOf(await session.query(`DESCRIBE EXTENDED ${quoted}`));
        const method = relation.methods.findLast((candidate) => candidate.verbs.includes('SELECT'));
        if (method === undefined) continue;
        const sql = `EXPLAIN SELECT * FROM ${quoted}${conditionsFor(method)}`;
        expect(await rowsOf(await session.query(sql)), sql).not.toEqual([]);
      }
    },
  );
});

/** A value for each parameter that a method cannot do without. */
function conditionsFor(method: Method): string {
  const values = [...method.parameters, ...(method.http.servers[0]?.variables ?? [])]
    .filter((parameter) => parameter.required && parameter.name !== 'subdomain')
    .map(({ name, shape }) => `"${name}" = ${shape.sqlType === 'BIGINT' ? '7' : shape.sqlType === 'TIMESTAMPTZ' ? "'2026-01-01'" : "'v'"}`);
  return values.length === 0 ? '' : ` WHERE ${values.join(' AND ')}`;
}

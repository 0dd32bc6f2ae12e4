import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openCatalog } from './load.ts';
import type { Relation } from './types.ts';

// Published provider documents, as reference data beside the checkout; without them there is nothing to check here.
const PROVIDERS = fileURLToPath(new URL('../../../shared/stackql/providers', import.meta.url));

/** Counts of a survey of these documents: services, resources, methods, then methods in SELECT, INSERT, UPDATE, REPLACE, DELETE, in none, and relations that only views serve. */
const SURVEY: Readonly<Record<string, readonly number[]>> = {
  clickhouse: [10, 44, 139, 60, 22, 25, 0, 23, 9, 0],
  digitalocean: [19, 257, 698, 326, 82, 15, 49, 77, 149, 0],
  fivetran: [9, 32, 127, 34, 15, 0, 0, 15, 63, 0],
  github: [48, 432, 1221, 616, 161, 69, 93, 173, 109, 0],
  godaddy: [9, 20, 63, 24, 5, 0, 0, 2, 32, 0],
  homebrew: [1, 9, 1, 1, 0, 0, 0, 0, 0, 8],
  okta: [57, 202, 731, 289, 78, 32, 79, 108, 145, 0],
  openai: [11, 26, 97, 43, 17, 9, 0, 16, 12, 0],
  pagerduty: [33, 100, 438, 144, 46, 0, 0, 42, 206, 0],
};

describe.skipIf(!existsSync(PROVIDERS))('published provider documents', () => {
  it.each(Object.keys(SURVEY))('%s loads whole', { timeout: 120_000 }, async (name) => {
    const provider = await openCatalog({ roots: [PROVIDERS] }).provider(name);
    const relations: Relation[] = [];
    for (const service of provider.services) relations.push(...(await provider.relations(service.name)));
    const serving = (verb: 'SELECT' | 'INSERT' | 'UPDATE' | 'REPLACE' | 'DELETE'): number =>
      relations.reduce((sum, { candidates }) => sum + (candidates[verb]?.length ?? 0), 0);
    const methods = relations.flatMap((relation) => relation.methods);
    expect([
      provider.services.length,
      relations.length,
      methods.length,
      ...(['SELECT', 'INSERT', 'UPDATE', 'REPLACE', 'DELETE'] as const).map(serving),
      methods.filter((method) => method.verb === 'EXEC').length,
      relations.filter((relation) => relation.views.length > 0).length,
    ]).toEqual(SURVEY[name]);
    // Every column and parameter can be looked at.
    for (const relation of relations) for (const column of relation.columns) expect(column.shape.sqlType).toBeTruthy();
    for (const method of methods) for (const parameter of method.parameters) expect(parameter.shape.sqlType).toBeTruthy();
  });
});

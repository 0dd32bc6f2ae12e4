import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeProviders } from '../../scripts/build-providers.ts';
import { openCatalog } from '../../src/catalog/load.ts';
import type { Method, Relation } from '../../src/catalog/types.ts';

// The catalog that the product promises, as reference data beside the checkout. Where it is absent, `catalog.expected.txt` stands for it.
const REFERENCE = fileURLToPath(new URL('../../../shared/okta/catalog.json', import.meta.url));

let root: string;
let relations: ReadonlyMap<string, Relation>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'okta-provider-'));
  await writeProviders(root);
  const provider = await openCatalog({ roots: [root] }).provider('okta');
  const lists = await Promise.all(provider.services.map(async (service) => await provider.relations(service.name)));
  relations = new Map(lists.flat().map((relation) => [relation.id, relation]));
});

afterAll(async () => await rm(root, { recursive: true, force: true }));

function relation(id: string): Relation {
  const found = relations.get(id);
  if (found === undefined) throw new Error(`no relation ${id}`);
  return found;
}

function method(id: string, name: string): Method {
  const found = relation(id).methods.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no method ${id}.${name}`);
  return found;
}

function http(id: string, name: string): string {
  const { http: call } = method(id, name);
  return `${call.verb} ${call.path}`;
}

/** One line a relation for its columns, one for each method. */
function listing(): string {
  const lines = [...relations.values()].flatMap(({ id, columns, methods }) => [
    `${id}: ${columns.map(({ name, shape, published }) => `${published ? '' : '~'}${name} ${shape.sqlType}`).join(', ')}`,
    ...methods.map(
      (one) =>
        `  ${one.hidden === true ? '~' : ''}${one.name} ${one.verbs.join('|')} ${one.http.verb} ${one.http.path} (${one.requiredParams.join(', ')})`,
    ),
  ]);
  return `${lines.join('\n')}\n`;
}

interface ReferenceResource {
  readonly id: string;
  readonly fields: readonly (readonly [string, string])[];
  readonly methods: Readonly<
    Record<
      string,
      { readonly accessibleBy: string; readonly requiredParams: readonly string[]; readonly http: string; readonly path: string }
    >
  >;
}

describe('the Okta provider', () => {
  it('offers the names, verbs, parameters and columns that are written down', async () => {
    await expect(listing()).toMatchFileSnapshot('catalog.expected.txt');
  });

  it.skipIf(!existsSync(REFERENCE))('agrees with the reference catalog in every resource', async () => {
    const reference = JSON.parse(await readFile(REFERENCE, 'utf8')) as {
      readonly services: Readonly<Record<string, Readonly<Record<string, ReferenceResource>>>>;
    };
    const expected = Object.values(reference.services).flatMap((resources) => Object.values(resources));
    const actual = expected.map(({ id }) => {
      const { columns, methods } = relation(id);
      return {
        id,
        fields: columns.filter((column) => column.published).map(({ name, shape }) => [name, shape.apiType]),
        methods: methods
          .filter((one) => one.hidden !== true)
          .map((one) => [one.name, one.verb, one.requiredParams, one.http.verb, one.http.path]),
      };
    });
    expect(actual).toEqual(
      expected.map(({ id, fields, methods }) => ({
        id,
        fields,
        methods: Object.entries(methods).map(([name, one]) => [name, one.accessibleBy, one.requiredParams, one.http, one.path]),
      })),
    );
  });

  it('counts 24 services, 73 resources, 283 methods and 631 columns, and its own beside them', () => {
    const own = new Set(['okta.user.groups', 'okta.iam.assignees', 'okta.apitoken.tokens', 'okta.group.owners']);
    const catalog = [...relations.values()].filter(({ id }) => !own.has(id));
    expect({
      own: [...relations.keys()].filter((id) => own.has(id)).length,
      services: new Set(catalog.map(({ service }) => service)).size,
      resources: catalog.length,
      methods: catalog.flatMap(({ methods }) => methods.filter((one) => one.hidden !== true)).length,
      columns: catalog.flatMap(({ columns }) => columns.filter((column) => column.published)).length,
    }).toEqual({ own: 4, services: 24, resources: 73, methods: 283, columns: 631 });
  });

  it('has a description for every relation and method', () => {
    const silent = [...relations.values()].flatMap(({ id, description, methods }) => [
      ...(description === '' ? [id] : []),
      ...methods.filter((one) => one.description === '').map((one) => `${id}.${one.name}`),
    ]);
    expect(silent).toEqual([]);
  });

  it('has no method that does the opposite of its name', () => {
    const calls = [...relations.values()].flatMap(({ methods }) =>
      methods.map((one) => ({ name: one.name, verb: one.http.verb, path: one.http.path })),
    );
    expect(calls.filter(({ name, path }) => /^deactivate/.test(name) && /\/activate$/.test(path))).toEqual([]);
    expect(calls.filter(({ name, path }) => /^activate/.test(name) && /\/deactivate$/.test(path))).toEqual([]);
    expect(calls.filter(({ name, verb, path }) => /^delete/.test(name) && verb !== 'DELETE' && !/\/deactivate$/.test(path))).toEqual([]);
    expect(calls.filter(({ name, verb }) => /^(get|list)/.test(name) && verb !== 'GET')).toEqual([]);
  });

  it('does what its notes on the source say', () => {
    expect(http('okta.eventhook.eventhooks', 'deactivate')).toBe('POST /api/v1/eventHooks/{eventHookId}/lifecycle/deactivate');
    expect(http('okta.identityprovider.idps', 'deactivate')).toBe('POST /api/v1/idps/{idpId}/lifecycle/deactivate');
    expect(http('okta.user.grouptargets', 'delete')).toBe('DELETE /api/v1/users/{userId}/roles/{roleId}/targets/groups/{groupId}');
    expect(method('okta.application.keys', 'delete').description).toContain('certificate signing request');
    for (const name of ['activate', 'deactivate']) {
      const overload = relation('okta.policy.policies').methods.find((one) => one.overloads === name);
      expect([overload?.http.path, overload?.requiredParams, overload?.hidden]).toEqual([
        `/api/v1/policies/{policyId}/lifecycle/${name}`,
        ['policyId', 'subdomain'],
        true,
      ]);
    }
    expect(relation('okta.policy.rules').overlay.methods.list?.fanOut).toEqual({
      over: 'okta.policy.policies',
      parameter: 'policyId',
      column: 'id',
      method: 'listOfPolicy',
    });
    expect(http('okta.policy.rules', 'listOfPolicy')).toBe('GET /api/v1/policies/{policyId}/rules');
  });

  it('serves UPDATE by updates that the catalog shows as EXEC, for users by the merging one', () => {
    expect(relation('okta.group.groups').candidates).toMatchObject({ SELECT: ['get', 'list'], UPDATE: ['update'], REPLACE: ['update'] });
    expect(method('okta.group.groups', 'update').verb).toBe('EXEC');
    expect(relation('okta.user.users').candidates).toMatchObject({ UPDATE: ['partialUpdate'], REPLACE: ['update'] });
    expect(http('okta.user.users', 'partialUpdate')).toBe('POST /api/v1/users/{userId}');
  });

  it('shapes nested values, those of subtypes too', () => {
    const shape = (id: string, ...path: readonly string[]): string | undefined => {
      const [column, ...inner] = path;
      const start = relation(id).columns.find(({ name }) => name === column)?.shape;
      return inner.reduce((current, name) => current?.properties().get(name) ?? current?.items(), start)?.sqlType;
    };
    expect(shape('okta.user.users', 'profile', 'department')).toBe('VARCHAR');
    expect(shape('okta.user.users', 'profile', 'anythingElse')).toBe('VARCHAR');
    expect(shape('okta.user.users', 'created')).toBe('TIMESTAMPTZ');
    expect(shape('okta.application.apps', 'settings', 'oauthClient', 'application_type')).toBe('VARCHAR');
    expect(shape('okta.application.apps', 'credentials', 'signing', 'kid')).toBe('VARCHAR');
    expect(shape('okta.policy.policies', 'settings', 'password', 'complexity', 'minLength')).toBe('BIGINT');
    expect(shape('okta.policy.rules', 'actions', 'appSignOn', 'verificationMethod', 'factorMode')).toBe('VARCHAR');
    expect(shape('okta.log.logs', 'client', 'geographicalContext', 'country')).toBe('VARCHAR');
    expect(shape('okta.log.logs', 'published')).toBe('TIMESTAMPTZ');
  });

  it('reads the rows of objects that wrap them', () => {
    expect(method('okta.iam.assignees', 'list').response.rowsPath).toEqual(['value']);
    expect(method('okta.domain.domains', 'list').response.rowsPath).toEqual(['domains']);
    expect(relation('okta.domain.domains').columns.every((column) => !column.published)).toBe(true);
  });

  it('asks for the page sizes that Okta recommends, else the largest', () => {
    const sizes = [...relations.values()].flatMap(({ id, overlay }) =>
      Object.entries(overlay.methods).flatMap(([name, facts]) =>
        facts.pageSize === undefined ? [] : [`${id}.${name} ${facts.pageSize.size}`],
      ),
    );
    expect(sizes).toMatchInlineSnapshot(`
      [
        "okta.application.apps.list 200",
        "okta.application.groups.list 200",
        "okta.application.tokens.list 200",
        "okta.application.users.list 500",
        "okta.authorizationserver.authorizationservers.list 200",
        "okta.authorizationserver.scopes.list 200",
        "okta.group.apps.list 200",
        "okta.group.groups.list 200",
        "okta.group.rules.list 200",
        "okta.group.owners.list 1000",
        "okta.group.users.list 200",
        "okta.identityprovider.idps.list 200",
        "okta.identityprovider.keys.list 200",
        "okta.log.logs.list 1000",
        "okta.profilemapping.mappings.list 200",
        "okta.trustedorigin.trustedorigins.list 200",
        "okta.user.clientgrants.list 200",
        "okta.user.clienttokens.list 200",
        "okta.user.grants.list 200",
        "okta.user.groups.list 200",
        "okta.user.users.list 200",
        "okta.iam.assignees.list 100",
      ]
    `);
  });

  it('counts every call against the bucket that Okta counts it against', () => {
    const buckets = new Map<string, string[]>();
    for (const { methods, overlay } of relations.values()) {
      for (const one of methods) {
        const facts = overlay.methods[one.name];
        const key = `${facts?.bucket} ${facts?.limitPerMinute}`;
        buckets.set(key, [...(buckets.get(key) ?? []), `${one.http.verb} ${one.http.path}`]);
      }
    }
    expect([...buckets.keys()].sort()).toEqual([
      'app 500',
      'apps 100',
      'group 1000',
      'groups 500',
      'logs 120',
      'other 1200',
      'user 2000',
      'users 600',
    ]);
    expect(new Set(buckets.get('user 2000'))).toEqual(new Set(['GET /api/v1/users/{userId}']));
    expect(new Set(buckets.get('group 1000'))).toEqual(
      new Set(['GET /api/v1/groups/{groupId}', 'DELETE /api/v1/groups/{groupId}', 'PUT /api/v1/groups/{groupId}']),
    );
    expect(buckets.get('groups 500')).toContain('GET /api/v1/groups/rules');
    expect(buckets.get('users 600')).toContain('GET /api/v1/users/{userId}/factors');
    expect(buckets.get('apps 100')).toContain('GET /api/v1/apps/{appId}/users');
  });

  it('names only relations, columns, methods and parameters that exist in its facts', () => {
    const hasColumn = (id: string, column: string): boolean => relation(id).columns.some(({ name }) => name === column);
    const takes = (id: string, parameter: string): boolean =>
      relation(id).methods.some(({ parameters }) => parameters.some(({ name }) => name === parameter));
    const wrong: string[] = [];
    const check = (holds: boolean, what: string): void => {
      if (!holds) wrong.push(what);
    };
    for (const { id, overlay, methods } of relations.values()) {
      const { key = [], identity = {}, parents = {}, equivalents = [], drivers = [], embeds = [], domains = {} } = overlay.relation;
      for (const name of key) check(hasColumn(id, name), `${id} key ${name}`);
      for (const [parameter, column] of Object.entries(identity))
        check(takes(id, parameter) && hasColumn(id, column), `${id} identity ${parameter}`);
      for (const [parameter, parent] of Object.entries(parents))
        check(takes(id, parameter) && hasColumn(parent.relation, parent.column), `${id} parent ${parameter}`);
      for (const driver of drivers) check(takes(id, driver.parameter) && hasColumn(driver.relation, driver.column), `${id} driver`);
      for (const embed of embeds)
        check(
          (embed.parameter === undefined || takes(id, embed.parameter)) &&
            (embed.holds === 'rows' ? takes(embed.relation, embed.key) : hasColumn(embed.relation, embed.key)) &&
            (embed.except ?? []).every((column) => hasColumn(embed.relation, column)) &&
            hasColumn(id, embed.column),
          `${id} embed`,
        );
      for (const parameter of Object.keys(domains)) check(takes(id, parameter), `${id} domain ${parameter}`);
      for (const other of equivalents) {
        const { column = key[0] ?? '', parameters = {} } = other.by ?? {};
        check(
          hasColumn(id, column) && Object.keys(parameters).every((name) => takes(other.relation, name)),
          `${id} by ${column} in ${other.relation}`,
        );
        for (const [mine, theirs] of Object.entries(other.columns)) {
          check(
            (takes(id, mine) || hasColumn(id, mine)) && (takes(other.relation, theirs) || hasColumn(other.relation, theirs)),
            `${id} equivalent ${mine}`,
          );
        }
      }
      for (const one of methods) {
        const { pageSize, filters = [], projection } = overlay.methods[one.name] ?? {};
        for (const name of [pageSize?.parameter, projection?.parameter, ...filters.map((filter) => filter.parameter)]) {
          check(name === undefined || one.parameters.some((parameter) => parameter.name === name), `${id}.${one.name} ${name}`);
        }
        for (const attribute of filters.flatMap((filter) => Object.keys(filter.attributes))) {
          check(hasColumn(id, attribute.split('.')[0] ?? ''), `${id}.${one.name} filters ${attribute}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('names the OAuth scopes of its calls', () => {
    expect(method('okta.user.users', 'list').scopes).toEqual(['okta.users.read']);
    expect(method('okta.group.users', 'insert').scopes).toEqual(['okta.groups.manage']);
    expect(
      [...relations.values()].flatMap(({ id, methods }) =>
        methods.filter((one) => one.scopes.length === 0).map((one) => `${id}.${one.name}`),
      ),
    ).toEqual([]);
  });
});

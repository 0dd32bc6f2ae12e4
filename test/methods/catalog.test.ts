import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Relation } from '../../src/catalog/types.ts';
import { type MethodOrg, openMethodOrg } from './harness.ts';

const OWN = new Set(['okta.user.groups', 'okta.iam.assignees', 'okta.apitoken.tokens', 'okta.group.owners']);
const EXPECTED = fileURLToPath(new URL('../../providers/okta/catalog.expected.txt', import.meta.url));

/** One relation as `catalog.expected.txt` writes it down. */
interface Expected {
  readonly id: string;
  readonly columns: readonly { readonly name: string; readonly sqlType: string; readonly hidden: boolean }[];
  readonly methods: readonly {
    readonly name: string;
    readonly verbs: readonly string[];
    readonly http: string;
    readonly required: string;
    readonly hidden: boolean;
  }[];
}

let org: MethodOrg;
let expected: readonly Expected[];

beforeAll(async () => {
  org = await openMethodOrg();
  expected = parse(await readFile(EXPECTED, 'utf8'));
});
afterAll(() => org.close());

function parse(text: string): readonly Expected[] {
  return text
    .trimEnd()
    .split(/\n(?=\S)/)
    .map((block) => {
      const [head = '', ...lines] = block.split('\n');
      const colon = head.indexOf(':');
      return {
        id: head.slice(0, colon),
        columns: [...head.slice(colon + 1).matchAll(/(~?)(\S+) (\w+)(?:,|$)/g)].map(([, tilde, name = '', sqlType = '']) => ({
          name,
          sqlType,
          hidden: tilde === '~',
        })),
        methods: lines.map((line) => {
          const [, tilde, name = '', verbs = '', http = '', required = ''] = /^ {2}(~?)(\w+) (\S+) (\w+ \S+) \((.*)\)$/.exec(line) ?? [];
          return { name, verbs: verbs.split('|'), http, required, hidden: tilde === '~' };
        }),
      };
    });
}

async function relations(): Promise<readonly Relation[]> {
  const provider = await org.session.catalog.provider('okta');
  return (await Promise.all(provider.services.map(({ name }) => provider.relations(name)))).flat();
}

describe('SHOW and DESCRIBE of the whole catalog', () => {
  it('show every service and every resource', async () => {
    const services = await org.list('SHOW SERVICES IN okta');
    const resources = (await Promise.all(services.map((service) => org.rows(`SHOW RESOURCES IN ${String(service)}`)))).flat();
    expect(resources.map((row) => row.id)).toEqual(expected.map(({ id }) => id));
    expect(expected.filter(({ id }) => !OWN.has(id)).length).toBe(73);
  });

  it('show the methods of every resource with their parameters and verbs', async () => {
    const shown = await Promise.all(expected.map(async ({ id }) => [id, await org.rows(`SHOW METHODS IN ${id}`)]));
    expect(shown).toEqual(
      expected.map(({ id, methods }) => [
        id,
        methods
          .filter(({ hidden }) => !hidden)
          .map(({ name, required, verbs }) => ({ MethodName: name, RequiredParams: required, SQLVerb: verbs[0] })),
      ]),
    );
  });

  it('show with EXTENDED the requests, the further verbs and the hidden methods', async () => {
    const shown = await Promise.all(
      expected.map(async ({ id }) => [
        id,
        (await org.rows(`SHOW EXTENDED METHODS IN ${id}`)).map(({ MethodName, http, furtherVerbs }) => ({
          MethodName,
          http,
          furtherVerbs,
        })),
      ]),
    );
    expect(shown).toEqual(
      expected.map(({ id, methods }) => [
        id,
        methods.map(({ name, http, verbs }) => ({ MethodName: name, http, furtherVerbs: verbs.slice(1).join(', ') })),
      ]),
    );
  });

  it('describe the columns of every resource, with EXTENDED their SQL types and the hidden ones', async () => {
    const plain = await Promise.all(expected.map(async ({ id }) => [id, (await org.rows(`DESCRIBE ${id}`)).map(({ name }) => name)]));
    expect(plain).toEqual(expected.map(({ id, columns }) => [id, columns.filter(({ hidden }) => !hidden).map(({ name }) => name)]));
    const whole = await Promise.all(
      expected.map(async ({ id }) => [
        id,
        (await org.rows(`DESCRIBE EXTENDED ${id}`))
          .filter(({ kind }) => kind !== 'parameter')
          .map(({ name, sqlType, kind }) => ({ name, sqlType, hidden: kind === 'hidden column' })),
      ]),
    );
    expect(whole).toEqual(expected.map(({ id, columns }) => [id, columns]));
  });

  it('describe the API types that the schemas give', async () => {
    const types = await Promise.all(
      (await relations()).map(async ({ id, columns }) => [
        await org.rows(`DESCRIBE ${id}`),
        columns.filter(({ published }) => published).map(({ name, shape }) => ({ name, type: shape.apiType })),
      ]),
    );
    for (const [shown, known] of types) expect(shown).toEqual(known);
  });
});

describe('the cases', () => {
  it('are run for every service of the catalog, with 283 methods beside those of our own resources', async () => {
    const run = await readFile(new URL('methods.test.ts', import.meta.url), 'utf8');
    const { services } = await org.session.catalog.provider('okta');
    expect(services.map(({ name }) => name).filter((name) => !run.includes(`'./${name}.cases.ts'`))).toEqual([]);
    const methods = (await relations())
      .filter(({ id }) => !OWN.has(id))
      .flatMap((relation) => relation.methods.filter(({ hidden }) => hidden !== true));
    expect(methods.length).toBe(283);
  });
});

/* Pages of providers that are not ours: without overlay, of any size, and with descriptions by people who mean no good. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from '@mdx-js/mdx';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { siteFiles, tableUnder, textOf } from './site-fixture.test-support.ts';

const HOSTILE = [
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '[click](javascript:alert(1)) [data](data:text/html,x) [there](//evil.test/x) [tab](java\tscript:alert(1)) [ref](/docs/other)',
  '{process.exit()} `code` | a bar | <https://ok.test/a?b=1&c=2> "quotes" \u202eevil\u202c ]]> -->',
  'export const x = 1;',
  'import y from "z"',
  '![picture](https://evil.test/pixel.png) # heading\n\n- list\n\n> quote',
].join('\n\n');

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'orgql-providers-'));
  await provider('hostile', {
    Sessions: service('Sessions', HOSTILE, [
      {
        name: 'links',
        title: HOSTILE,
        path: '/sessions/{id}/links',
        verbs: { get: 'select', post: 'insert', put: 'replace', delete: 'delete' },
        description: HOSTILE,
      },
      { name: 'jobs', title: 'Jobs', path: '/jobs/{id}', verbs: { post: 'exec' }, description: 'Starts a job.' },
    ]),
  });
  const many = Array.from({ length: 175 }, (_, index) => ({
    name: `things_${index}`,
    title: `Things ${index}`,
    path: `/things${index}/{id}`,
    verbs: { get: 'select', post: 'insert', put: 'replace', delete: 'delete' } as const,
    description: 'A thing.',
  }));
  await provider('large', { Things: service('Things', 'Things', many) });
});

afterAll(() => rm(root, { recursive: true, force: true }));

describe('descriptions are text', () => {
  test('in HTML: no tag, handler or address of theirs is left', async () => {
    const { files } = await siteFiles('hostile', { roots: [root] });
    for (const [path, content] of files) {
      if (!path.endsWith('.html')) continue;
      // What stands in quoted attributes is text; what is left are the tags themselves.
      expect(content.replace(/"[^"]*"/g, '""'), path).not.toMatch(/<script>|<img src=x|<[^>]*\son\w+=/i);
      expect(content, path).not.toMatch(/href="(?:javascript|java|data|\/\/|[^"]*evil)/i);
      expect(content, path).not.toContain('\u202e');
      // Search and style of the site, its icon: nothing else is loaded.
      for (const [, src = ''] of content.matchAll(/src="([^"]*)"/g)) expect(src).toMatch(/^(?:\.\.\/|\.\/)*assets\//);
    }
    const page = files.get('/providers/hostile/Sessions/links/index.html') ?? '';
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('\\u202eevil\\u202c');
    expect(page).toContain('<a href="https://ok.test/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">');
  });

  test('in Markdown: they make no tag, no link and no table cell', async () => {
    const { files } = await siteFiles('hostile', { roots: [root] });
    for (const [path, content] of files) {
      if (!path.endsWith('.md')) continue;
      for (const [, href = ''] of content.matchAll(/(?<!\\)\]\(([^)]*)\)/g))
        expect(href, path).toMatch(/^(?:https:\/\/ok\.test\/|(?:\.\.\/)*[\w./-]*index\.md)/);
      expect(content, path).not.toMatch(/(?<!\\)<(?:script|img)/);
    }
    const methods = (files.get('/providers/hostile/Sessions/links/index.md') ?? '').split('## Methods')[1]?.split('\n##')[0] ?? '';
    const rows = methods.split('\n').filter((line) => line.startsWith('| '));
    expect(rows.map((row) => row.split(/(?<!\\)\|/).length)).toEqual(rows.map(() => 6));
  });

  test('in MDX: every page compiles, and runs nothing of theirs', async () => {
    const { files } = await siteFiles('hostile', { roots: [root], format: 'docusaurus' });
    for (const [path, content] of files) {
      if (!path.endsWith('.mdx')) continue;
      const made = new Set<string>();
      const look = () => (tree: MdxNode) => collect(tree, made);
      await compile(content.replace(/^---\n.*?\n---\n/s, ''), { format: 'mdx', remarkPlugins: [look] });
      expect(
        [...made].filter((what) => !OURS.includes(what)),
        path,
      ).toEqual([]);
    }
  });
});

describe('what a provider need not have', () => {
  test('a resource that can only be called has its methods, and says that nothing can be selected', async () => {
    const { files } = await siteFiles('hostile', { roots: [root] });
    const page = files.get('/providers/hostile/Sessions/jobs/index.html') ?? '';
    expect(tableUnder(page, 'overview')).toEqual([
      ['Name', 'jobs'],
      ['Type', 'Resource'],
      ['Id', 'hostile.Sessions.jobs'],
    ]);
    expect(textOf(page)).toContain('Nothing can be selected from this resource: its methods are called by the other verbs.');
    expect(tableUnder(page, 'methods')).toEqual([
      ['Name', 'Accessible by', 'Required Params', 'Description'],
      ['post', 'EXEC', 'id', 'Starts a job.'],
    ]);
    expect(textOf(page)).toContain("EXEC hostile.Sessions.jobs.post\n  @id = 'ID'");
    expect(page).not.toContain('data-run');
  });

  test('a provider of 700 methods has all its pages, each under 150 KB', async () => {
    const { files } = await siteFiles('large', { roots: [root] });
    expect(Object.fromEntries(tableUnder(files.get('/providers/large/index.html') ?? '', 'totals'))).toMatchObject({
      'Total resources': '175',
      'Total methods': '700',
    });
    expect([...files.keys()].filter((path) => path.endsWith('index.html')).length).toBe(175 + 4);
    for (const [path, content] of files) if (/index\.(?:html|md)$/.test(path)) expect(content.length, path).toBeLessThan(150_000);
  });
});

// Published provider documents, as reference data beside the checkout; without them there is nothing to check here.
const PUBLISHED = fileURLToPath(new URL('../../../shared/stackql/providers', import.meta.url));

describe.skipIf(!existsSync(PUBLISHED))('the published providers', () => {
  test.each(['clickhouse', 'fivetran', 'godaddy', 'homebrew', 'openai', 'pagerduty'])('%s has a page for each resource', async (name) => {
    const { files } = await siteFiles(name, { roots: [PUBLISHED] });
    expect(files.size).toBeGreaterThan(20);
    for (const [path, content] of files)
      if (/index\.(?:html|md)$/.test(path)) expect(Buffer.byteLength(content), path).toBeLessThan(150_000);
  });
});

interface MdxNode {
  readonly type: string;
  readonly name?: string;
  readonly value?: string;
  readonly children?: readonly MdxNode[];
}

/** What the pages' own MDX is made of beside Markdown. */
const OURS: readonly string[] = ['import CopyableCode', '<CopyableCode>', '<br>', '<span>', '<details>', '<summary>'];

/** Elements, expressions and module code of a page. */
function collect(node: MdxNode, made: Set<string>): void {
  if (node.type.startsWith('mdxJsx')) made.add(`<${node.name ?? ''}>`);
  else if (node.type === 'mdxjsEsm')
    made.add(node.value?.startsWith('import CopyableCode from "./') === true ? 'import CopyableCode' : (node.value ?? ''));
  else if (node.type.startsWith('mdx')) made.add(`{${node.value ?? ''}}`);
  for (const child of node.children ?? []) collect(child, made);
}

interface ResourceSketch {
  readonly name: string;
  readonly title: string;
  readonly path: string;
  readonly verbs: Readonly<Partial<Record<'get' | 'post' | 'put' | 'delete', 'select' | 'insert' | 'replace' | 'delete' | 'exec'>>>;
  readonly description: string;
}

function service(title: string, description: string, resources: readonly ResourceSketch[]): unknown {
  const schema = {
    type: 'object',
    properties: {
      id: { type: 'string', description },
      name: { type: 'string', enum: ['a', 'b<c>|d'], description },
      nested: { type: 'object', properties: { deep: { type: 'string', description } } },
    },
  };
  const paths: Record<string, unknown> = {};
  const declared: Record<string, unknown> = {};
  for (const { name, title: resourceTitle, path, verbs, description: about } of resources) {
    const operations: Record<string, unknown> = {};
    const methods: Record<string, unknown> = {};
    const sqlVerbs: Record<string, unknown[]> = { select: [], insert: [], update: [], replace: [], delete: [] };
    for (const [http, verb] of Object.entries(verbs)) {
      operations[http] = {
        operationId: `${http}_${name}`,
        description: about,
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' }, description: about }],
        ...(http === 'get' || http === 'delete' || verb === 'exec' ? {} : { requestBody: { content: { 'application/json': { schema } } } }),
        responses: { 200: { description: 'ok', content: { 'application/json': { schema } } } },
      };
      methods[http] = {
        operation: { $ref: `#/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${http}` },
        response: { mediaType: 'application/json', openAPIDocKey: '200' },
      };
      sqlVerbs[verb]?.push({ $ref: `#/components/x-stackQL-resources/${name}/methods/${http}` });
    }
    paths[path] = operations;
    declared[name] = { id: `x.${name}`, name, title: resourceTitle, description: about, methods, sqlVerbs };
  }
  return {
    openapi: '3.0.0',
    info: { title, description, version: '1' },
    servers: [{ url: 'https://api.example.test' }],
    paths,
    components: { schemas: {}, 'x-stackQL-resources': declared },
  };
}

// JSON is YAML too.
async function provider(name: string, services: Readonly<Record<string, unknown>>): Promise<void> {
  const folder = join(root, name, 'v1.0.0');
  await mkdir(join(folder, 'services'), { recursive: true });
  const entries: Record<string, unknown> = {};
  for (const [key, document] of Object.entries(services)) {
    await writeFile(join(folder, 'services', `${key}.yaml`), JSON.stringify(document));
    const { info } = document as { readonly info: { readonly title: string; readonly description: string } };
    entries[key] = {
      id: `${key}:v1`,
      name: key,
      ...info,
      preferred: true,
      service: { $ref: `${name}/v1.0.0/services/${key}.yaml` },
      version: 'v1',
    };
  }
  const document = { id: name, name, version: 'v1.0.0', title: HOSTILE, description: HOSTILE, providerServices: entries };
  await writeFile(join(folder, 'provider.yaml'), JSON.stringify(document));
}

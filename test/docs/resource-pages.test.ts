import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Catalog, Relation } from '../../src/catalog/types.ts';
import { readCarriedExamples } from '../../src/docs/examples/carried.ts';
import { publishedMethods, resourcePath } from '../../src/docs/facts.ts';
import { openSession } from '../../src/session.ts';
import { PROVIDERS, siteFiles, tableUnder, textOf } from './site-fixture.test-support.ts';

let files: ReadonlyMap<string, string>;
let catalog: Catalog;
let relations: readonly Relation[];
let ran: ReadonlySet<string>;

/** A block of SQL, with the mark of the example that it is the statement of. */
const SQL_BLOCK =
  /(?:<div class="example"( data-run="true")?>(?:(?!<div class="code">).)*)?<div class="code"><pre[^>]*><code class="language-sql">(.*?)<\/code>/gs;

beforeAll(async () => {
  ({ files, catalog, ran } = await siteFiles('okta', { runs: true, manual: true }));
  const provider = await catalog.provider('okta');
  relations = (await Promise.all(provider.services.map((service) => provider.relations(service.name)))).flat();
}, 120_000);

const html = (path: string): string => files.get(`${path}index.html`) ?? '';

describe('the pages of the Okta resources', () => {
  test('there is one for each resource, with its id, its fields in order and its methods with verbs and required parameters', () => {
    expect(relations.length).toBeGreaterThanOrEqual(73);
    for (const relation of relations) {
      const page = html(resourcePath(relation));
      expect(tableUnder(page, 'overview')).toEqual([
        ['Name', relation.name],
        ['Type', 'Resource'],
        ['Id', relation.id],
      ]);
      const fields = relation.columns.filter((column) => column.published);
      if (fields.length > 0)
        expect(tableUnder(page, 'fields')).toEqual([['Name', 'Datatype'], ...fields.map(({ name, shape }) => [name, shape.apiType])]);
      expect(tableUnder(page, 'methods').map((row) => row.slice(0, 3))).toEqual([
        ['Name', 'Accessible by', 'Required Params'],
        ...publishedMethods(relation).map((method) => [method.name, method.verb, method.requiredParams.join(', ')]),
      ]);
      expect(tableUnder(page, 'methods')[0]).toEqual(['Name', 'Accessible by', 'Required Params', 'Description']);
    }
  });

  test('the page of sessions reads as people know it', () => {
    const page = html('/providers/okta/session/sessions/');
    const headings = [...page.matchAll(/<h2 [^>]*>(.*?)<a class="anchor"/g)].map((match) => textOf(match[1] ?? ''));
    expect(headings.slice(0, 3)).toEqual(['Overview', 'Fields', 'Methods']);
    expect(tableUnder(page, 'methods').map((row) => row.slice(0, 3))).toEqual([
      ['Name', 'Accessible by', 'Required Params'],
      ['get', 'SELECT', 'sessionId, subdomain'],
      ['insert', 'INSERT', 'subdomain'],
      ['delete', 'DELETE', 'sessionId, subdomain'],
      ['refresh', 'EXEC', 'sessionId, subdomain'],
    ]);
    for (const cell of ['okta.session.sessions', 'sessionId', 'refresh'])
      expect(page).toContain(`<code>${cell}</code><button type="button" class="copy" aria-label="Copy ${cell}">`);
  });

  test('each page has its own description, keywords and card, and a twin in Markdown', () => {
    const descriptions = new Set<string>();
    for (const relation of relations) {
      const page = html(resourcePath(relation));
      const description = /<meta name="description" content="([^"]*)">/.exec(page)?.[1] ?? '';
      expect(description).toContain(relation.id);
      descriptions.add(description);
      expect(page).toContain(`<meta name="keywords" content="${relation.name}, ${relation.service}, okta, ${relation.id}`);
      expect(page).toMatch(/<meta property="og:image" content="[./]*card\.png">/);
      expect(files.get(`${resourcePath(relation)}index.md`)).toContain(`| **Id** | \`${relation.id}\` |`);
    }
    expect(descriptions.size).toBe(relations.length);
  });

  test('the totals are those of the catalog', () => {
    const methods = relations.reduce((sum, relation) => sum + publishedMethods(relation).length, 0);
    const totals = Object.fromEntries(tableUnder(html('/providers/okta/'), 'totals'));
    expect(totals).toMatchObject({ 'Total resources': String(relations.length), 'Total methods': String(methods) });
  });

  test('no page is larger than 150 KB', () => {
    for (const [path, content] of files)
      if (/index\.(?:html|md)$/.test(path)) expect(Buffer.byteLength(content), path).toBeLessThan(150_000);
  });

  test('no link is dead, in HTML or Markdown', () => {
    const dead: string[] = [];
    const check = (from: string, href: string): void => {
      if (/^https?:/.test(href)) return;
      const url = new URL(href, `http://site${from}`);
      const path = url.pathname.endsWith('/') ? `${url.pathname}index.html` : url.pathname;
      const target = files.get(path);
      if (target === undefined) dead.push(`${from}: ${href}`);
      else if (url.hash !== '' && path.endsWith('.html') && !target.includes(`id="${decodeURIComponent(url.hash.slice(1))}"`))
        dead.push(`${from}: ${href}`);
    };
    for (const [path, content] of files) {
      if (path.endsWith('.html'))
        for (const [, href = ''] of content.matchAll(/(?:href|src)="([^"]*)"/g)) check(path, href.replaceAll('&amp;', '&'));
      if (path.endsWith('.md') || path === '/llms.txt') for (const [, href = ''] of content.matchAll(/\]\(([^)]+)\)/g)) check(path, href);
    }
    for (const [, , , href] of JSON.parse(/=(.*);/s.exec(files.get('/search-index.js') ?? '')?.[1] ?? '[]') as string[][])
      check('/', `/${href ?? ''}`);
    expect(dead).toEqual([]);
  });

  test('nothing is loaded from elsewhere, and no script or style stands in a page', () => {
    for (const [path, content] of files) {
      if (!path.endsWith('.html')) continue;
      expect(content).not.toMatch(/<(?:script|img|iframe|link)[^>]*(?:src|href)="(?:https?:)?\/\//);
      expect(content).not.toMatch(/<script>|<script [^>]*>[^<]|<style|\son\w+=|style="/);
    }
  });
});

describe('the SQL on the pages', () => {
  test('every block parses and binds, and what is marked as run was run in this build', async () => {
    const session = await openSession({ orgs: [], defaultOrg: 'demo' });
    const failures: string[] = [];
    const counts = { run: 0, explained: 0 };
    try {
      for (const [path, content] of files) {
        // The manual's own test has seen each of its statements run.
        if (!path.endsWith('.html') || path.startsWith('/manual/')) continue;
        for (const [, mark, block = ''] of content.matchAll(SQL_BLOCK)) {
          const sql = textOf(block);
          if (mark !== undefined) {
            counts.run++;
            if (!ran.has(sql)) failures.push(`${path} is said to have run\n${sql}`);
            continue;
          }
          counts.explained++;
          try {
            const cursor = await session.query(/^(?:SHOW|DESCRIBE)\b/.test(sql) ? sql : `EXPLAIN ${sql}`);
            for await (const _ of cursor.batches);
            await cursor.close();
          } catch (error) {
            failures.push(`${path}\n${sql}\n${(error as Error).message}`);
          }
        }
      }
    } finally {
      await session.close();
    }
    expect(failures).toEqual([]);
    expect(counts.run).toBeGreaterThan(200);
    expect(counts.explained).toBeGreaterThan(100);
  }, 120_000);

  test('every example that the provider carries was run, on the page of its resource', () => {
    const carried = readCarriedExamples(readFileSync(join(PROVIDERS, 'okta/v0.1.0/examples.sql'), 'utf8'));
    expect(carried.length).toBeGreaterThan(40);
    for (const { relation, example } of carried) {
      expect(ran, example.sql).toContain(example.sql);
      const [provider = '', service = '', name = ''] = relation.split('.');
      expect(textOf(html(resourcePath({ provider, service, name })))).toContain(example.sql);
    }
  });

  test('what is marked as run shows what it gave', () => {
    const page = html('/providers/okta/user/users/');
    const [example = ''] = /<div class="example" data-run="true">.*?<\/div>\n?<\/div>/s.exec(page) ?? [];
    expect(textOf(example)).toContain('SELECT id, profile.displayName, profile.email, profile.login');
    expect(textOf(example)).toContain('Run on the demo org when this page was built: 1 request, 5 rows');
    expect(textOf(example)).toContain('ada.andersson@example.com');
  });
});

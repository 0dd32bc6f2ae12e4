/* The manual is true as far as a machine can tell: its statements run (else the site is not built), its flags, keys and links exist. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from '@mdx-js/mdx';
import { beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { manualSources } from '../../src/cli/documentation-manual.ts';
import { FLAGS } from '../../src/cli/flags.ts';
import { loadConfig } from '../../src/config/load.ts';
import { SETTINGS } from '../../src/config/settings.ts';
import { buildManual } from '../../src/docs/manual/manual.ts';
import { settingName } from '../../src/docs/manual/settings-page.ts';
import { MANUAL_ORDER } from '../../src/docs/manual/sources.ts';
import type { Block, Page } from '../../src/docs/model/page.ts';
import { plainText } from '../../src/docs/model/text.ts';
import { mdxPage } from '../../src/docs/render/mdx.ts';
import { ERROR_CODES } from '../../src/util/error-codes.ts';
import { MANUAL } from './site-fixture.test-support.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = ['README.md', ...readdirSync(MANUAL).map((name) => `docs/${name}`)].filter((name) => name.endsWith('.md'));
const texts = files.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
const blocksOf = (language: string): readonly (readonly [path: string, code: string])[] =>
  texts.flatMap(({ path, text }) =>
    [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((match) => [path, match[1] ?? ''] as const),
  );

let pages: readonly Page[];
const statements: string[] = [];

beforeAll(async () => {
  const sources = await manualSources(MANUAL);
  pages = await buildManual({
    ...sources,
    openRunner: async () => {
      const runner = await sources.openRunner();
      return {
        ...runner,
        run: async (sql) => {
          const result = await runner.run(sql);
          if (result.kind !== 'failure') statements.push(sql);
          return result;
        },
      };
    },
  });
}, 120_000);

const page = (name: string): Page => {
  const found = pages.find(({ path }) => path === `/manual/${name}/`);
  if (found === undefined) throw new Error(`There is no page ${name}`);
  return found;
};
const headings = (one: Page, level: number): readonly string[] =>
  one.blocks.flatMap((block) => (block.kind === 'heading' && block.level === level ? [plainText(block.content)] : []));

describe('the manual', () => {
  test('has a place for every file of prose, and begins with the quickstart', () => {
    const names = files
      .map((path) => /^docs\/([\w-]+)\.md$/.exec(path)?.[1])
      .filter((name) => name !== undefined && name !== 'architecture');
    expect(names.filter((name) => !MANUAL_ORDER.includes(name ?? ''))).toEqual([]);
    expect(pages.slice(0, 2).map(({ path }) => path)).toEqual(['/manual/', '/manual/quickstart/']);
    expect(pages.length).toBe(1 + names.length + 2);
    for (const one of pages) expect(one.menu[0]?.items.length).toBe(pages.length - 1);
  });

  test('has a heading for every error code, in its table of exit statuses', () => {
    expect([...headings(page('errors'), 3)].sort()).toEqual(Object.keys(ERROR_CODES).sort());
  });

  test('has a heading for every setting', () => {
    expect(headings(page('settings'), 3)).toHaveLength(SETTINGS.length);
    for (const setting of SETTINGS) expect(headings(page('settings'), 3)).toContain(settingName(setting));
  });

  test('shows what each statement gave in this build, and has run every one', () => {
    const examples = (blocks: readonly Block[]): readonly Extract<Block, { kind: 'example' }>[] =>
      blocks.flatMap((block) => (block.kind === 'example' ? [block] : []));
    const shown = pages.flatMap((one) => examples(one.blocks));
    expect(shown.length).toBeGreaterThan(40);
    for (const { sql, outcome } of shown) {
      expect(outcome, sql).toBeDefined();
      expect(statements).toContain(sql);
    }
    for (const [path, sql] of blocksOf('sql'))
      if (path.startsWith('docs/') && !path.endsWith('architecture.md')) expect(statements, path).toContain(sql.trimEnd());
  });

  test('is MDX that compiles, for a Docusaurus site', async () => {
    for (const one of pages) await compile(mdxPage(one).replace(/^---\n.*?\n---\n/s, ''), { format: 'mdx' });
  });

  test('a statement that fails stops the build', async () => {
    const sources = await manualSources(MANUAL);
    const prose = [{ name: 'wrong', text: '# Wrong\n\nIt is.\n\n```sql\nSELECT nme FROM okta.user.users;\n```\n' }];
    await expect(buildManual({ ...sources, prose })).rejects.toMatchObject({
      code: 'query_failed',
      detail: expect.stringContaining('error[unknown_column]'),
    });
  });
});

describe('the documents', () => {
  test('link to files that exist', () => {
    const dead: string[] = [];
    for (const { path, text } of texts)
      for (const [, href = ''] of text.replace(/^```.*?^```/gms, '').matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^https?:/.test(href)) continue;
        if (!existsSync(resolve(root, dirname(path), href.replace(/#.*/, '')))) dead.push(`${path}: ${href}`);
      }
    expect(dead).toEqual([]);
  });

  test('name commands and flags that exist', () => {
    const wrong: string[] = [];
    const longFlags = (spellings: readonly { readonly spelling: string }[]): readonly string[] =>
      spellings.flatMap(({ spelling }) => spelling.split(/[ ,]+/)).filter((part) => part.startsWith('-'));
    for (const { path, text } of texts) {
      const code = [...text.matchAll(/^```(?:sh)?\n(.*?)^```|`([^`\n]+)`/gms)].flatMap((match) => (match[1] ?? match[2] ?? '').split('\n'));
      for (const line of code) {
        const [, command = '', rest = ''] = /^\s*orgql ([a-z]+)\b(.*)$/.exec(line) ?? [];
        if (command === '' || command === 'help') continue;
        const spec = COMMANDS.find(({ name }) => name === command);
        if (spec === undefined) {
          wrong.push(`${path}: orgql ${command}`);
          continue;
        }
        const known = longFlags([...FLAGS, ...(spec.flags ?? []), ...(spec.subcommands ?? []).flatMap((sub) => sub.flags ?? [])]);
        const outside = rest.replace(/"[^"]*"|'[^']*'/g, '');
        for (const [flag] of outside.matchAll(/(?<=\s)--?[a-zA-Z][\w-]*/g))
          if (!known.includes(flag)) wrong.push(`${path}: ${line.trim()}: ${flag}`);
        const sub = /^\s+([a-z]+)\b/.exec(outside)?.[1];
        if (spec.subcommands !== undefined && !spec.subcommands.some(({ name }) => name === sub)) wrong.push(`${path}: ${line.trim()}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('show configuration that can be read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'orgql-yaml-'));
    try {
      const configFile = join(folder, 'orgql.yaml');
      const yaml = blocksOf('yaml').filter(([, text]) => text.includes('orgs:'));
      expect(yaml.length).toBeGreaterThan(2);
      for (const [path, text] of yaml) {
        await writeFile(configFile, text);
        const config = await loadConfig({ env: {}, cwd: folder, home: folder, platform: 'linux', configFile });
        expect(config.session.orgs.length, path).toBeGreaterThan(0);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

import { compile } from '@mdx-js/mdx';
import { load } from 'js-yaml';
import { beforeAll, describe, expect, test } from 'vitest';
import { siteFiles } from './site-fixture.test-support.ts';

let files: ReadonlyMap<string, string>;

beforeAll(async () => {
  ({ files } = await siteFiles('okta', { format: 'docusaurus' }));
}, 60_000);

const pages = (): readonly (readonly [string, string])[] => [...files].filter(([path]) => path.endsWith('.mdx'));

describe('pages for a Docusaurus site', () => {
  test('each has the front matter that such sites read', () => {
    const [, text = ''] = pages().find(([path]) => path === '/providers/okta/session/sessions/index.mdx') ?? [];
    expect(load(/^---\n(.*?)\n---\n/s.exec(text)?.[1] ?? '')).toEqual({
      title: 'sessions',
      hide_title: false,
      hide_table_of_contents: false,
      keywords: ['sessions', 'session', 'okta', 'okta.session.sessions', 'SELECT', 'INSERT', 'DELETE', 'EXEC', 'SQL', 'API'],
      description: expect.stringContaining('okta.session.sessions'),
      custom_edit_url: null,
      image: './../../card.png',
    });
  });

  test('each code is in the component, and the sections are those of the HTML', () => {
    const [, text = ''] = pages().find(([path]) => path === '/providers/okta/session/sessions/index.mdx') ?? [];
    expect(text).toContain('import CopyableCode from "./../../../_components/CopyableCode.jsx";');
    expect(text).toContain('| **Id** | <CopyableCode code="okta.session.sessions" /> |');
    expect([...text.matchAll(/^## (.*)$/gm)].map((match) => match[1]).slice(0, 3)).toEqual(['Overview', 'Fields', 'Methods']);
    expect(files.get('/providers/_components/CopyableCode.jsx')).toContain('export default function CopyableCode');
  });

  test('every page compiles as MDX', async () => {
    const failures: string[] = [];
    for (const [path, text] of pages()) {
      try {
        await compile(text.replace(/^---\n.*?\n---\n/s, ''), { format: 'mdx' });
      } catch (error) {
        failures.push(`${path}: ${(error as Error).message}`);
      }
    }
    expect(failures).toEqual([]);
    expect(pages().length).toBeGreaterThan(100);
  }, 60_000);

  test('links lead to files of the site', () => {
    const dead: string[] = [];
    for (const [path, text] of pages())
      for (const [, href = ''] of text.matchAll(/\]\(([^)]+)\)/g)) {
        if (/^(?:https?:|#)/.test(href)) continue;
        if (!files.has(new URL(href, `http://site${path}`).pathname)) dead.push(`${path}: ${href}`);
      }
    expect(dead).toEqual([]);
  });
});

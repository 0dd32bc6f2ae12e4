import { OrgqlError } from '../../util/errors.ts';
import { outcomeOf } from '../examples/run-examples.ts';
import type { ExampleRunner } from '../examples/types.ts';
import type { Block, ExampleOutcome, Page } from '../model/page.ts';
import { readMarkdown } from '../model/read-markdown.ts';
import { cut, plainText } from '../model/text.ts';
import { type ManualSources, manualPath, type ProseSource } from './sources.ts';

/**
 * A page of prose: its first heading is the page's, its first paragraph what the page is for. Every SQL block is run, in order and on an org of the
 * page's own, and shown with what it gave. Throws `query_failed` where a block fails.
 */
export async function prosePage({ name, text }: ProseSource, openRunner: ManualSources['openRunner']): Promise<Page> {
  const [first, second, ...rest] = readMarkdown(text, { resolveHref });
  if (first?.kind !== 'heading' || second?.kind !== 'paragraph')
    throw new OrgqlError('internal', `The page ${name} must begin with a heading and a paragraph`);
  const heading = plainText(first.content);
  const runner = await openRunner();
  try {
    const blocks: Block[] = [];
    for (const block of rest) blocks.push(block.kind === 'code' && block.language === 'sql' ? await run(block.text, name, runner) : block);
    return {
      path: manualPath(name),
      title: `${heading} - orgql manual`,
      heading,
      description: cut(plainText(second.content), 400),
      keywords: ['orgql', 'manual', heading, ...rest.flatMap((block) => (block.kind === 'heading' ? [plainText(block.content)] : []))],
      trail: [
        { text: 'Home', path: '/' },
        { text: 'Manual', path: manualPath('') },
      ],
      menu: [],
      blocks,
    };
  } finally {
    await runner.close();
  }
}

/** Where the tables are that pages are made from: the prose links to them, as a reader of the files finds them there. */
const TABLES: Readonly<Record<string, string>> = {
  '../src/util/error-codes.ts': manualPath('errors'),
  '../src/config/settings.ts': manualPath('settings'),
};

/** The address of what the Markdown file links to: other files of the manual are pages. */
function resolveHref(href: string): string {
  const [, file = '', place = ''] = /^([^#]*)(#.*)?$/.exec(href) ?? [];
  const table = TABLES[file];
  if (table !== undefined) return `${table}${place}`;
  const page = /^(?:\.\/)?([\w-]+)\.md$/.exec(file)?.[1];
  return page === undefined ? href : `${manualPath(page === 'README' ? '' : page)}${place}`;
}

async function run(sql: string, page: string, runner: ExampleRunner): Promise<Block> {
  const result = await runner.run(sql);
  if (result.kind === 'failure')
    throw new OrgqlError('query_failed', `A statement of the page ${page} cannot be run`, { detail: `${result.text}\n${sql}` });
  return { kind: 'example', intro: [], sql, ...withOutcome(planOf(result) ?? outcomeOf(result)) };
}

function withOutcome(outcome: ExampleOutcome | undefined): { readonly outcome?: ExampleOutcome } {
  return outcome === undefined ? {} : { outcome };
}

// A plan is text for people, in the row that also has it for programs.
function planOf(result: Awaited<ReturnType<ExampleRunner['run']>>): ExampleOutcome | undefined {
  if (result.kind !== 'rows' || !result.columns.some(({ name }) => name === 'plan_json')) return undefined;
  const text = result.rows[0]?.[result.columns.findIndex(({ type }) => type === 'VARCHAR')];
  return text === undefined ? undefined : { kind: 'lines', text, requests: result.requests };
}

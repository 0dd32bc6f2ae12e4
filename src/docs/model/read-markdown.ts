import MarkdownIt, { type MarkdownIt as MarkdownItParser, type Token } from 'markdown-it';
import type { Block, Inline, Inlines } from './page.ts';
import { safeHref } from './safe-href.ts';
import { anchor, plainText } from './text.ts';

// HTML within Markdown stays text: descriptions come from documents that nobody here has read.
const parser = (): MarkdownItParser => new MarkdownIt({ html: false, linkify: false, typographer: false });
let shared: MarkdownItParser | undefined;

/**
 * Markdown as parts of a page. HTML in it is text; links other than http(s), site and page addresses lose their address. `resolveHref` gives the
 * site's address of a link that is relative to the text's own file.
 */
export function readMarkdown(text: string, options: { readonly resolveHref?: (href: string) => string } = {}): readonly Block[] {
  shared ??= parser();
  const resolveHref = options.resolveHref ?? ((href) => href);
  const reader: Reader = { tokens: shared.parse(text, {}), at: 0, ids: new Set(), resolveHref };
  return readBlocks(reader, undefined);
}

/**
 * An API's description as running text: paragraphs and list items follow each other on lines of their own. Only http(s) links are kept: others
 * are meant for the site that it was written for.
 */
export function readInlineMarkdown(text: string): Inlines {
  const resolveHref = (href: string): string => (/^https?:/i.test(href) ? href : '');
  const parts = readMarkdown(text.trim(), { resolveHref }).flatMap((block) => flatten(block));
  return parts.flatMap((part, index) => (index === 0 ? part : [{ kind: 'break' as const }, ...part]));
}

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
  readonly ids: Set<string>;
  readonly resolveHref: (href: string) => string;
}

function readBlocks(reader: Reader, end: string | undefined): readonly Block[] {
  const blocks: Block[] = [];
  for (;;) {
    const token = reader.tokens[reader.at++];
    if (token === undefined || token.type === end) return blocks;
    switch (token.type) {
      case 'heading_open': {
        const content = inlineOf(reader, reader.tokens[reader.at]);
        reader.at += 2;
        blocks.push({ kind: 'heading', level: levelOf(token.tag), id: freshId(reader.ids, anchor(plainText(content))), content });
        break;
      }
      case 'paragraph_open': {
        const content = inlineOf(reader, reader.tokens[reader.at]);
        reader.at += 2;
        if (content.length > 0) blocks.push({ kind: 'paragraph', content });
        break;
      }
      case 'bullet_list_open':
      case 'ordered_list_open':
        blocks.push({
          kind: 'list',
          ordered: token.type === 'ordered_list_open',
          items: readItems(reader, token.type.replace('open', 'close')),
        });
        break;
      case 'blockquote_open':
        blocks.push({ kind: 'quote', blocks: readBlocks(reader, 'blockquote_close') });
        break;
      case 'fence':
      case 'code_block':
        blocks.push({ kind: 'code', language: /^[\w-]+/.exec(token.info)?.[0] ?? 'text', text: token.content.replace(/\n$/, '') });
        break;
      case 'table_open':
        blocks.push(readTable(reader));
        break;
      default:
        if (token.type === 'inline') blocks.push({ kind: 'paragraph', content: inlineOf(reader, token) });
    }
  }
}

function readItems(reader: Reader, end: string): readonly (readonly Block[])[] {
  const items: (readonly Block[])[] = [];
  for (;;) {
    const token = reader.tokens[reader.at++];
    if (token === undefined || token.type === end) return items;
    if (token.type === 'list_item_open') items.push(readBlocks(reader, 'list_item_close'));
  }
}

function readTable(reader: Reader): Block {
  const rows: Inlines[][] = [];
  for (;;) {
    const token = reader.tokens[reader.at++];
    if (token === undefined || token.type === 'table_close') break;
    if (token.type === 'tr_open') rows.push([]);
    if (token.type === 'inline') rows.at(-1)?.push(inlineOf(reader, token));
  }
  const columns = (rows[0] ?? []).map(plainText);
  return { kind: 'table', label: columns.join(', '), columns, rows: rows.slice(1) };
}

function levelOf(tag: string): 2 | 3 | 4 {
  return tag === 'h1' || tag === 'h2' ? 2 : tag === 'h3' ? 3 : 4;
}

function freshId(ids: Set<string>, wanted: string): string {
  let id = wanted;
  for (let count = 2; ids.has(id); count++) id = `${wanted}-${count}`;
  ids.add(id);
  return id;
}

function inlineOf(reader: Reader, token: Token | undefined): Inlines {
  return readInlines({ ...reader, tokens: token?.children ?? [], at: 0 }, undefined);
}

function readInlines(reader: Reader, end: string | undefined): Inlines {
  const content: Inline[] = [];
  for (;;) {
    const token = reader.tokens[reader.at++];
    if (token === undefined || token.type === end) return content;
    switch (token.type) {
      case 'text':
      case 'html_inline':
        if (token.content !== '') content.push(token.content);
        break;
      case 'softbreak':
        content.push(' ');
        break;
      case 'hardbreak':
        content.push({ kind: 'break' });
        break;
      case 'code_inline':
        content.push({ kind: 'code', text: token.content });
        break;
      case 'strong_open':
        content.push({ kind: 'strong', content: readInlines(reader, 'strong_close') });
        break;
      case 'em_open':
        content.push({ kind: 'emphasis', content: readInlines(reader, 'em_close') });
        break;
      case 's_open':
        content.push(...readInlines(reader, 's_close'));
        break;
      case 'link_open': {
        const inner = readInlines(reader, 'link_close');
        const href = safeHref(reader.resolveHref(String(token.attrGet('href') ?? '')));
        if (href === undefined) content.push(...inner);
        else content.push({ kind: 'link', href, content: inner });
        break;
      }
      case 'image':
        // A picture would be fetched from another origin: its text stands for it.
        content.push(token.content);
        break;
    }
  }
}

function flatten(block: Block): readonly Inlines[] {
  switch (block.kind) {
    case 'heading':
      return [[{ kind: 'strong', content: block.content }]];
    case 'paragraph':
      return [block.content];
    case 'list':
      return block.items.map((item) => [
        '• ',
        ...item.flatMap((inner) => flatten(inner)).flatMap((part, index) => (index === 0 ? part : [' ', ...part])),
      ]);
    case 'quote':
      return block.blocks.flatMap(flatten);
    case 'code':
      return block.text.split('\n').map((line) => [{ kind: 'code', text: line }]);
    case 'table':
      return block.rows.map((row) => row.flatMap((cell, index) => (index === 0 ? cell : [' | ', ...cell])));
    case 'details':
      return block.blocks.flatMap(flatten);
    case 'example':
      return [];
  }
}

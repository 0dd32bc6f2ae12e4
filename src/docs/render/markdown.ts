import type { Block, Example, Inline, Inlines, Page, Table } from '../model/page.ts';
import { safeHref } from '../model/safe-href.ts';
import { showHidden } from './escape.ts';
import { outcomeLine } from './html-blocks.ts';
import { relativeLink } from './site-links.ts';

/** A page as Markdown: the twin of its HTML, with links to the twins of other pages. */
export function markdownPage(page: Page): string {
  return `# ${escapeMarkdown(page.heading)}\n\n${escapeMarkdown(page.description)}\n\n${markdownBlocks(page.blocks, markdownStyle(page.path))}`;
}

/** How Markdown and its dialects differ. */
export interface MarkdownStyle {
  readonly text: (text: string) => string;
  readonly copyable: (text: string) => string;
  readonly code: (text: string) => string;
  readonly href: (href: string) => string;
  readonly lineBreak: string;
  /** Several lines folded away under a summary. */
  readonly details: (summary: string, body: string) => string;
  /** A name that links may point at, before a row's first cell. */
  readonly place: (id: string) => string;
  readonly heading: (text: string, id: string) => string;
}

function markdownStyle(from: string): MarkdownStyle {
  return {
    text: escapeMarkdown,
    copyable: codeSpan,
    code: codeSpan,
    href: (href) => (href.startsWith('/') ? relativeLink(from, href.replace(/\/(?=#|$)/, '/index.md')) : href),
    lineBreak: '<br>',
    details: (summary, body) => `**${summary}**\n\n${body}`,
    place: () => '',
    heading: (text) => text,
  };
}

/** The parts of a page. */
export function markdownBlocks(blocks: readonly Block[], style: MarkdownStyle): string {
  return `${blocks.map((block) => markdownBlock(block, style)).join('\n\n')}\n`;
}

function markdownBlock(block: Block, style: MarkdownStyle): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${style.heading(inlines(block.content, style), block.id)}`;
    case 'paragraph':
      return inlines(block.content, style);
    case 'list':
      return block.items.map((item, index) => listItem(item, block.ordered ? `${index + 1}. ` : '- ', style)).join('\n');
    case 'quote':
      return markdownBlocks(block.blocks, style)
        .trimEnd()
        .split('\n')
        .map((line) => `> ${line}`.trimEnd())
        .join('\n');
    case 'table':
      return markdownTable(block, style);
    case 'code':
      return fence(block.language, block.text);
    case 'example':
      return markdownExample(block, style);
    case 'details':
      return style.details(inlines(block.summary, style), markdownBlocks(block.blocks, style).trimEnd());
  }
}

function listItem(item: readonly Block[], mark: string, style: MarkdownStyle): string {
  const body = item.map((block) => markdownBlock(block, style)).join('\n\n');
  return `${mark}${body.replaceAll('\n', `\n${' '.repeat(mark.length)}`)}`;
}

function inlines(content: Inlines, style: MarkdownStyle): string {
  return content.map((inline) => inlineText(inline, style)).join('');
}

function inlineText(inline: Inline, style: MarkdownStyle): string {
  if (typeof inline === 'string') return style.text(inline);
  switch (inline.kind) {
    case 'code':
      return inline.copy === true ? style.copyable(inline.text) : style.code(inline.text);
    case 'link': {
      const href = safeHref(inline.href);
      const content = inlines(inline.content, style);
      return href === undefined ? content : `[${content}](${style.href(href).replaceAll('(', '%28').replaceAll(')', '%29')})`;
    }
    case 'strong':
      return `**${inlines(inline.content, style)}**`;
    case 'emphasis':
      return `*${inlines(inline.content, style)}*`;
    case 'break':
      return style.lineBreak;
  }
}

function markdownTable(table: Table, style: MarkdownStyle): string {
  const cell = (content: Inlines): string => tableCell(inlines(content, style));
  const heads = table.columns.map((name) => style.text(name));
  const rows = table.rows.map((row, index) => {
    const id = table.anchors?.[index];
    const cells = row.map((content, place) => (table.rowHeads === true && place === 0 ? `**${cell(content)}**` : cell(content)));
    return `| ${id === undefined ? '' : style.place(id)}${cells.join(' | ')} |`;
  });
  return [`| ${heads.join(' | ')} |`, `|${' --- |'.repeat(heads.length)}`, ...rows].join('\n');
}

// A bar ends a cell, even within a code span.
function tableCell(text: string): string {
  return text.replace(/\\?\|/g, '\\|').replace(/\s*\n\s*/g, ' ');
}

function markdownExample(example: Example, style: MarkdownStyle): string {
  const parts = example.title === undefined ? [] : [`### ${style.text(example.title)}`];
  if (example.intro.length > 0) parts.push(inlines(example.intro, style));
  parts.push(fence('sql', example.sql));
  const { outcome } = example;
  if (outcome === undefined) return parts.join('\n\n');
  parts.push(style.text(outcomeLine(outcome)));
  if (outcome.kind === 'effect') parts.push(fence('text', outcome.message));
  else if (outcome.kind === 'lines') parts.push(fence('text', outcome.text));
  else if (outcome.rows.length > 0)
    parts.push(
      markdownTable(
        { kind: 'table', label: '', columns: outcome.columns, rows: outcome.rows.map((row) => row.map((text) => [text])) },
        style,
      ),
    );
  return parts.join('\n\n');
}

/** A fenced block whose fence is longer than any within. */
export function fence(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((match) => match[0].length));
  const mark = '`'.repeat(longest + 1);
  return `${mark}${/^[\w-]+$/.test(language) ? language : 'text'}\n${showHidden(text)}\n${mark}`;
}

/** Code within a line, whatever backticks it holds. */
export function codeSpan(text: string): string {
  const shown = showHidden(text).replace(/\s*\n\s*/g, ' ');
  if (shown.trim() === '') return '` `';
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map((match) => match[0].length));
  const mark = '`'.repeat(longest + 1);
  const pad = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${mark}${pad}${shown}${pad}${mark}`;
}

/** Plain text in which Markdown and HTML have no meaning. */
export function escapeMarkdown(text: string): string {
  return showHidden(text)
    .replace(/[\\`*_[\]<>|~]/g, (character) => `\\${character}`)
    .replace(/&(?=#?\w+;)/g, '\\&')
    .replace(/^(\s*)([#+=-]|\d+[.)])(?=\s|$)/gm, (_match, space: string, mark: string) => `${space}${mark.slice(0, -1)}\\${mark.slice(-1)}`)
    .replace(/^(\s*)([-+=]{3,}|#+)/gm, '$1\\$2');
}

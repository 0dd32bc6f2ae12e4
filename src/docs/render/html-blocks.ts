import type { Block, Example, ExampleOutcome, Inline, Inlines, Table } from '../model/page.ts';
import { safeHref } from '../model/safe-href.ts';
import { counted } from '../model/text.ts';
import { escapeHtml } from './escape.ts';
import { highlightSql } from './highlight.ts';
import { relativeLink } from './site-links.ts';

/** The parts of a page as HTML. `from` is the page's own address, against which links are made relative. */
export function htmlBlocks(blocks: readonly Block[], from: string): string {
  return blocks.map((block) => htmlBlock(block, from)).join('\n');
}

function htmlBlock(block: Block, from: string): string {
  switch (block.kind) {
    case 'heading': {
      const id = escapeHtml(block.id);
      return `<h${block.level} id="${id}">${htmlInlines(block.content, from)}<a class="anchor" href="#${id}" aria-hidden="true" tabindex="-1">#</a></h${block.level}>`;
    }
    case 'paragraph':
      return `<p>${htmlInlines(block.content, from)}</p>`;
    case 'list': {
      const tag = block.ordered ? 'ol' : 'ul';
      return `<${tag}>${block.items.map((item) => `<li>${listItem(item, from)}</li>`).join('')}</${tag}>`;
    }
    case 'quote':
      return `<blockquote>${htmlBlocks(block.blocks, from)}</blockquote>`;
    case 'table':
      return htmlTable(block, from);
    case 'code':
      return htmlCode(block.language, block.text);
    case 'example':
      return htmlExample(block, from);
    case 'details':
      return `<details><summary>${htmlInlines(block.summary, from)}</summary>\n${htmlBlocks(block.blocks, from)}\n</details>`;
  }
}

function listItem(item: readonly Block[], from: string): string {
  const [only] = item;
  return item.length === 1 && only?.kind === 'paragraph' ? htmlInlines(only.content, from) : htmlBlocks(item, from);
}

/** Running text as HTML. */
export function htmlInlines(content: Inlines, from: string): string {
  return content.map((inline) => htmlInline(inline, from)).join('');
}

function htmlInline(inline: Inline, from: string): string {
  if (typeof inline === 'string') return escapeHtml(inline);
  switch (inline.kind) {
    case 'code':
      return inline.copy === true ? copyableCode(inline.text) : `<code>${escapeHtml(inline.text)}</code>`;
    case 'link': {
      const href = safeHref(inline.href);
      const content = htmlInlines(inline.content, from);
      if (href === undefined) return content;
      if (href.startsWith('/')) return `<a href="${escapeHtml(relativeLink(from, href))}">${content}</a>`;
      return href.startsWith('#')
        ? `<a href="${escapeHtml(href)}">${content}</a>`
        : `<a href="${escapeHtml(href)}" rel="noopener noreferrer nofollow">${content}</a>`;
    }
    case 'strong':
      return `<strong>${htmlInlines(inline.content, from)}</strong>`;
    case 'emphasis':
      return `<em>${htmlInlines(inline.content, from)}</em>`;
    case 'break':
      return '<br>';
  }
}

function copyableCode(text: string): string {
  const shown = escapeHtml(text);
  // A path may break where a part of it ends.
  return `<span class="cc"><code>${shown.replaceAll('/', '/<wbr>')}</code><button type="button" class="copy" aria-label="Copy ${shown}"></button></span>`;
}

/** A block of code with its button. What is shown scrolls, so the keyboard must reach it. */
function htmlCode(language: string, text: string): string {
  const name = /^[\w-]+$/.test(language) ? language : 'text';
  return `<div class="code"><pre tabindex="0"><code class="language-${name}">${name === 'sql' ? highlightSql(text) : escapeHtml(text)}</code></pre><button type="button" class="copy" aria-label="Copy this ${name === 'text' ? 'text' : name.toUpperCase()}"></button></div>`;
}

function htmlTable(table: Table, from: string): string {
  const head =
    table.rowHeads === true
      ? ''
      : `<thead><tr>${table.columns.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join('')}</tr></thead>`;
  const rows = table.rows.map((row, index) => {
    const cells = row.map((cell, place) => {
      const content = htmlInlines(cell, from);
      return table.rowHeads === true && place === 0 ? `<th scope="row">${content}</th>` : `<td>${content}</td>`;
    });
    const id = table.anchors?.[index];
    return `<tr${id === undefined ? '' : ` id="${escapeHtml(id)}"`}>${cells.join('')}</tr>`;
  });
  return `<div class="table" role="region" aria-label="${escapeHtml(table.label)}" tabindex="0"><table>${head}<tbody>\n${rows.join('\n')}\n</tbody></table></div>`;
}

function htmlExample(example: Example, from: string): string {
  const { outcome } = example;
  const parts = [
    example.title === undefined ? '' : `<h3>${escapeHtml(example.title)}</h3>`,
    example.intro.length === 0 ? '' : `<p>${htmlInlines(example.intro, from)}</p>`,
    htmlCode('sql', example.sql),
    outcome === undefined
      ? ''
      : `<div class="outcome"><p class="ran">${escapeHtml(outcomeLine(outcome))}</p>${htmlOutcome(outcome, example)}</div>`,
  ];
  return `<div class="example"${outcome === undefined ? '' : ' data-run="true"'}>${parts.filter((part) => part !== '').join('\n')}</div>`;
}

function htmlOutcome(outcome: ExampleOutcome, { title, sql }: Example): string {
  switch (outcome.kind) {
    case 'effect':
      return `<p><samp>${escapeHtml(outcome.message)}</samp></p>`;
    case 'lines':
      return `<pre tabindex="0"><samp>${escapeHtml(outcome.text)}</samp></pre>`;
    case 'rows': {
      if (outcome.rows.length === 0) return '';
      const rows = outcome.rows.map((row) => row.map((text) => [text]));
      return htmlTable({ kind: 'table', label: `Output of: ${title ?? firstLine(sql)}`, columns: outcome.columns, rows }, '/');
    }
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

/** What is said of an example that ran. */
export function outcomeLine(outcome: ExampleOutcome): string {
  const ran = `Run on the demo org when this page was built: ${outcome.requests === 0 ? 'no request' : counted(outcome.requests, 'request')}`;
  if (outcome.kind !== 'rows') return ran;
  if (outcome.rows.length === 0) return `${ran}, no rows`;
  return `${ran}, ${outcome.more ? 'the first ' : ''}${counted(outcome.rows.length, 'row')}`;
}

import type { Page } from '../model/page.ts';
import { codeSpan, escapeMarkdown, type MarkdownStyle, markdownBlocks } from './markdown.ts';
import { relativeLink } from './site-links.ts';

/** Where the component is, below the folder that the pages are in. Docusaurus makes no pages of folders that begin with `_`. */
export const COMPONENT_PATH = '/providers/_components/CopyableCode.jsx';

/** A page for a Docusaurus 3 site: front matter, the component around each code, the same sections and tables. */
export function mdxPage(page: Page): string {
  const frontMatter = [
    ['title', page.heading],
    ['hide_title', false],
    ['hide_table_of_contents', false],
    ['keywords', page.keywords],
    ['description', page.description],
    ['custom_edit_url', page.editUrl ?? null],
    ['image', page.image === undefined ? undefined : dotRelative(page.path, page.image)],
  ] as const;
  // JSON is YAML, and needs no second set of rules for quoting.
  const lines = frontMatter.flatMap(([key, value]) => (value === undefined ? [] : [`${key}: ${yamlValue(value)}`]));
  const style = mdxStyle(page.path);
  const component = `import CopyableCode from ${JSON.stringify(dotRelative(page.path, COMPONENT_PATH))};`;
  return `---\n${lines.join('\n')}\n---\n\n${component}\n\n${style.text(page.description)}\n\n${markdownBlocks(page.blocks, style)}`;
}

function yamlValue(value: string | boolean | null | readonly string[]): string {
  if (typeof value === 'object' && value !== null) return `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
  return JSON.stringify(value);
}

// A path that begins with a dot is a file beside the page.
function dotRelative(from: string, to: string): string {
  const relative = relativeLink(from, to);
  return relative.startsWith('.') && !relative.startsWith('..') ? relative : `./${relative}`;
}

function mdxStyle(from: string): MarkdownStyle {
  return {
    text: escapeMdx,
    copyable: (text) => `<CopyableCode code=${attribute(text)} />`,
    code: codeSpan,
    href: (href) => (href.startsWith('/') ? relativeLink(from, href.replace(/\/(?=#|$)/, '/index.mdx')) : href),
    lineBreak: '<br />',
    details: (summary, body) => `<details>\n<summary>${summary}</summary>\n\n${body}\n\n</details>`,
    place: (id) => `<span id=${attribute(id)}></span>`,
    heading: (text) => text,
  };
}

/** Plain text in which MDX has no meaning either: no expressions, tags, imports. */
function escapeMdx(text: string): string {
  return escapeMarkdown(text)
    .replace(/[{}]/g, (character) => (character === '{' ? '&#123;' : '&#125;'))
    .replace(
      /^(\s*)(i|e)(?=mport\b|xport\b)/gm,
      (_match, space: string, letter: string) => `${space}${letter === 'i' ? '&#105;' : '&#101;'}`,
    );
}

// In a table a bar would end the cell, also within an attribute.
function attribute(text: string): string {
  return /^[\w .:/@$-]*$/.test(text) ? `"${text}"` : `{${JSON.stringify(text).replaceAll('|', '\\u007c').replaceAll('`', '\\u0060')}}`;
}

/** The component itself, plain React: it works in any Docusaurus 3 site, with nothing to install. */
export const COPYABLE_CODE_COMPONENT = `import React, { useState } from 'react';

/** Code with a button that copies it and says so. */
export default function CopyableCode({ code }) {
  const [said, say] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code);
      say('Copied');
    } catch {
      say('Not copied');
    }
    setTimeout(() => say(''), 1500);
  };
  return (
    <span style={{ whiteSpace: 'nowrap' }}>
      <code>{code}</code>
      <button
        type="button"
        onClick={copy}
        aria-label={'Copy ' + code}
        style={{ border: 0, background: 'none', color: 'inherit', cursor: 'pointer', font: 'inherit', padding: '0 0.3em' }}
      >
        <span aria-hidden="true">{said === 'Copied' ? '\\u2713' : '\\u29c9'}</span>
      </button>
      <span role="status" style={{ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' }}>
        {said}
      </span>
    </span>
  );
}
`;

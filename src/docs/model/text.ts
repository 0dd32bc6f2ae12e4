import type { Inline, Inlines } from './page.ts';

/** Code that carries a copy button. */
export function copyable(text: string): Inline {
  return { kind: 'code', text, copy: true };
}

/** Code within running text. */
export function code(text: string): Inline {
  return { kind: 'code', text };
}

/** A link to an address of the site, to a place on the page (`#id`), or to an http(s) address. */
export function link(href: string, ...content: Inlines): Inline {
  return { kind: 'link', href, content };
}

/** Items with a comma between. */
export function commaList(items: Inlines): Inlines {
  return items.flatMap((item, index) => (index === 0 ? [item] : [', ', item]));
}

/** The text alone, for titles, search and anchors. */
export function plainText(content: Inlines): string {
  return content
    .map((inline) => {
      if (typeof inline === 'string') return inline;
      if (inline.kind === 'code') return inline.text;
      return inline.kind === 'break' ? ' ' : plainText(inline.content);
    })
    .join('');
}

/** A name for a place on a page: `Required Params` -> `required-params`. */
export function anchor(text: string): string {
  const name = text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^\p{Letter}\p{Number}_]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return name === '' ? 'section' : name;
}

/** `3 services`, `1 service`. */
export function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : /(?:s|x|z|ch|sh)$/.test(noun) ? `${noun}es` : /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
}

/** The first sentence of plain text, at most `limit` characters. */
export function firstSentence(text: string, limit = 200): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  const sentence = /^.*?[.!?](?=\s|$)/.exec(flat)?.[0] ?? flat;
  return cut(sentence, limit);
}

/** Text of at most `limit` characters, cut between words. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = text.slice(0, limit - 1);
  const space = head.lastIndexOf(' ');
  return `${(space > limit / 2 ? head.slice(0, space) : head).trimEnd()}…`;
}

import { type ProviderFacts, providerPath, resourcePath } from './facts.ts';
import type { Page } from './model/page.ts';
import { readInlineMarkdown } from './model/read-markdown.ts';
import { firstSentence, plainText } from './model/text.ts';
import { escapeHtml } from './render/escape.ts';
import { escapeMarkdown } from './render/markdown.ts';

/** `llms.txt`: what the site has, with links to the Markdown twins. @see https://llmstxt.org */
export function llmsText(providers: readonly ProviderFacts[], prose: readonly Page[], pages: readonly Page[]): string {
  const home = pages.find((page) => page.path === '/');
  const lines = [`# ${home?.heading ?? 'Documentation'}`, '', `> ${home?.description ?? ''}`, ''];
  if (prose.length > 0) lines.push('## Manual', '', ...prose.map((page) => entry(page.heading, page.path, page.description)), '');
  for (const provider of providers) {
    lines.push(`## Provider ${provider.name}`, '', entry(provider.name, providerPath(provider.name), provider.description));
    lines.push(`- [${provider.name} as JSON](${providerPath(provider.name).slice(1)}index.json)`);
    for (const service of provider.services)
      for (const relation of service.relations)
        lines.push(entry(relation.id, resourcePath(relation), plainText(readInlineMarkdown(relation.description))));
    lines.push('');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function entry(title: string, path: string, description: string): string {
  const about = firstSentence(description, 160);
  return `- [${escapeMarkdown(title)}](${path.slice(1)}index.md)${about === '' ? '' : `: ${escapeMarkdown(about)}`}`;
}

/** @see https://www.sitemaps.org/protocol.html */
export function sitemap(pages: readonly Page[], baseUrl: string): string {
  const base = baseUrl.replace(/\/$/, '');
  const urls = pages.map((page) => `<url><loc>${escapeHtml(`${base}${page.path}`)}</loc></url>`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls.join('\n')}\n</urlset>\n`;
}

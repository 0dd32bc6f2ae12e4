import { type ProviderFacts, providerPath, publishedMethods, resourcePath, servicePath } from './facts.ts';
import type { Page } from './model/page.ts';
import { anchor, plainText } from './model/text.ts';

/** What search finds: kind, name, what it belongs to, address below the site's root. */
export type SearchEntry = readonly [kind: string, name: string, of: string, href: string];

/** Everything that has a name: services, resources, fields, methods, pages of prose and their sections. */
export function searchEntries(providers: readonly ProviderFacts[], prose: readonly Page[]): readonly SearchEntry[] {
  const entries: SearchEntry[] = [];
  const at = (path: string, place?: string): string => `${path.slice(1)}${place === undefined ? '' : `#${place}`}`;
  for (const page of prose) {
    entries.push(['page', page.heading, '', at(page.path)]);
    for (const block of page.blocks)
      if (block.kind === 'heading' && block.level <= 3)
        entries.push(['section', plainText(block.content), page.heading, at(page.path, block.id)]);
  }
  for (const provider of providers) {
    entries.push(['provider', provider.name, '', at(providerPath(provider.name))]);
    for (const service of provider.services) {
      entries.push(['service', service.name, provider.name, at(servicePath(provider.name, service.name))]);
      for (const relation of service.relations) {
        const path = resourcePath(relation);
        entries.push(['resource', relation.name, relation.id, at(path)]);
        for (const column of relation.columns)
          if (column.published) entries.push(['field', column.name, relation.id, at(path, `field-${anchor(column.name)}`)]);
        for (const method of publishedMethods(relation))
          entries.push(['method', method.name, relation.id, at(path, `method-${anchor(method.name)}`)]);
      }
    }
  }
  return entries;
}

/** The index as a script of the site: a script loads from a folder on disk too, where a request for JSON would not. */
export function searchScript(entries: readonly SearchEntry[]): string {
  return `window.orgqlSearchIndex=${JSON.stringify(entries)};\n`;
}

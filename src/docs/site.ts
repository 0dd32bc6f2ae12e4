import type { Catalog, Relation } from '../catalog/types.ts';
import { SITE_SCRIPT, THEME_SCRIPT } from './assets/scripts.ts';
import { ICON, STYLE } from './assets/style.ts';
import { drawCard } from './card.ts';
import { providerDump } from './dump.ts';
import type { CarriedExample } from './examples/carried.ts';
import { relatedRelations } from './examples/related.ts';
import { resourceExamples } from './examples/run-examples.ts';
import type { ExampleRunner } from './examples/types.ts';
import { type ProviderFacts, providerPath, readProvider } from './facts.ts';
import type { Page } from './model/page.ts';
import { cardPath, homePage, indexPage } from './pages/index-pages.ts';
import { providerPage } from './pages/provider-page.ts';
import { resourcePage } from './pages/resource-page.ts';
import { servicePage } from './pages/service-page.ts';
import { htmlPage, type SiteChrome } from './render/html-page.ts';
import { markdownPage } from './render/markdown.ts';
import { COMPONENT_PATH, COPYABLE_CODE_COMPONENT, mdxPage } from './render/mdx.ts';
import { searchEntries, searchScript } from './search-index.ts';
import { llmsText, sitemap } from './site-files.ts';

/** A provider to document. */
export interface DocumentedProvider {
  readonly name: string;
  /** True where it comes with orgql. */
  readonly isBuiltIn: boolean;
  /** Runs its examples; without one nothing is marked as run. */
  readonly runner?: ExampleRunner;
  /** Runs those that change something, and those that the provider carries, on an org of its own: other pages find theirs as it was. */
  readonly scratch?: ExampleRunner;
  readonly carried?: readonly CarriedExample[];
}

export interface SiteOptions {
  readonly format: 'html' | 'docusaurus';
  /** `https://docs.example.com`, where the site will be: for the sitemap and canonical addresses. */
  readonly baseUrl?: string;
  /** Pages of prose, the one that leads to the others first. */
  readonly prose?: readonly Page[];
}

/** A file of the site: its path below the root, with `/` in front, and its content. */
export interface SiteFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** Where `orgql docs serve` shows a site that nobody has given an address. */
export const LOCAL_BASE_URL = 'http://127.0.0.1:4321';

/** Every file of the documentation of some providers, page by page. Throws what the catalog throws. */
export async function* buildSite(
  catalog: Catalog,
  providers: readonly DocumentedProvider[],
  options: SiteOptions,
): AsyncGenerator<SiteFile> {
  const facts: ProviderFacts[] = [];
  for (const { name, isBuiltIn } of providers) facts.push(await readProvider(catalog, name, isBuiltIn));
  const prose = options.prose ?? [];
  const made: Page[] = [];
  const chrome = chromeOf(facts, prose, options.baseUrl);

  for (const [index, provider] of facts.entries()) {
    const documented = providers[index];
    yield { path: cardPath(provider.name), content: drawCard(provider) };
    for await (const page of providerPages(provider, documented)) {
      made.push(page);
      yield* pageFiles(page, chrome, options.format);
    }
  }
  for (const page of prose) {
    made.push(page);
    yield* pageFiles(page, chrome, options.format);
  }
  if (options.format === 'docusaurus') {
    // Such a site has a first page and a search of its own.
    yield { path: COMPONENT_PATH, content: COPYABLE_CODE_COMPONENT };
    return;
  }
  for (const page of [homePage(facts, prose), indexPage(facts)]) {
    made.push(page);
    yield* pageFiles(page, chrome, options.format);
  }
  for (const provider of facts)
    yield { path: `${providerPath(provider.name)}index.json`, content: `${JSON.stringify(providerDump(provider), null, 1)}\n` };
  yield { path: '/assets/style.css', content: STYLE };
  yield { path: '/assets/theme.js', content: THEME_SCRIPT };
  yield { path: '/assets/site.js', content: SITE_SCRIPT };
  yield { path: '/assets/icon.svg', content: ICON };
  yield { path: '/search-index.js', content: searchScript(searchEntries(facts, prose)) };
  yield { path: '/llms.txt', content: llmsText(facts, prose, made) };
  yield { path: '/sitemap.xml', content: sitemap(made, options.baseUrl ?? LOCAL_BASE_URL) };
}

/** The pages of one provider. */
async function* providerPages(provider: ProviderFacts, documented: DocumentedProvider | undefined): AsyncGenerator<Page> {
  const image = cardPath(provider.name);
  const relations: readonly Relation[] = provider.services.flatMap((service) => service.relations);
  const related = relatedRelations(relations);
  yield providerPage(provider, image);
  for (const service of provider.services) {
    yield servicePage(provider, service, image);
    for (const relation of service.relations) {
      const relatives = related.get(relation.id) ?? [];
      const carried = (documented?.carried ?? []).filter((one) => one.relation.toLowerCase() === relation.id.toLowerCase());
      const { sections, join } = await resourceExamples(relation, relatives, carried, documented ?? {});
      yield resourcePage(relation, provider.services, { examples: sections, related: relatives, join, image });
    }
  }
}

function* pageFiles(page: Page, chrome: SiteChrome, format: SiteOptions['format']): Generator<SiteFile> {
  if (format === 'docusaurus') {
    yield { path: `${page.path}index.mdx`, content: mdxPage(page) };
    return;
  }
  yield { path: `${page.path}index.html`, content: htmlPage(page, chrome) };
  yield { path: `${page.path}index.md`, content: markdownPage(page) };
}

function chromeOf(providers: readonly ProviderFacts[], prose: readonly Page[], baseUrl: string | undefined): SiteChrome {
  const [first] = prose;
  return {
    name: 'orgql',
    links: [
      ...(first === undefined ? [] : [{ text: first.heading, path: first.path }]),
      ...providers.slice(0, 4).map((provider) => ({ text: provider.name, path: providerPath(provider.name) })),
      { text: 'All resources', path: '/search/' },
    ],
    baseUrl,
    footer: `Made by orgql docs build from ${providers.map((provider) => `${provider.name} ${provider.version}`).join(', ')}.`,
  };
}

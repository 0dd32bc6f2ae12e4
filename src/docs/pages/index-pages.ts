import { isSelectable, type ProviderFacts, providerPath, publishedMethods, resourcePath } from '../facts.ts';
import type { Block, Page } from '../model/page.ts';
import { code, counted, link } from '../model/text.ts';

/** The site's first page: its providers, and the pages of the manual where there are any. */
export function homePage(providers: readonly ProviderFacts[], prose: readonly Page[]): Page {
  const blocks: Block[] = [];
  const [manual, ...chapters] = prose;
  if (manual !== undefined)
    blocks.push({ kind: 'heading', level: 2, id: 'manual', content: [link(manual.path, manual.heading)] }, pageTable(chapters));
  blocks.push(
    { kind: 'heading', level: 2, id: 'providers', content: ['Providers'] },
    {
      kind: 'table',
      label: 'Providers',
      columns: ['Name', 'Services', 'Resources', 'Methods', 'Version'],
      rows: providers.map(({ name, totals, version }) => [
        [link(providerPath(name), name)],
        [String(totals.services)],
        [String(totals.resources)],
        [String(totals.methods)],
        [version],
      ]),
    },
  );
  const names = providers.map((provider) => provider.name);
  return {
    path: '/',
    title: 'orgql documentation',
    heading: 'orgql documentation',
    description:
      manual === undefined
        ? `SQL over APIs: a page for every resource of ${names.join(', ')}.`
        : `Query, change and watch over an Okta org with SQL: the manual, and a page for every resource of ${names.join(', ')}.`,
    keywords: ['orgql', 'SQL', 'API', ...names],
    trail: [],
    menu: [],
    ...(providers[0] === undefined ? {} : { image: cardPath(providers[0].name) }),
    blocks,
  };
}

/** Pages with what each says. */
export function pageTable(pages: readonly Page[]): Block {
  return {
    kind: 'table',
    label: 'Pages of the manual',
    columns: ['Page', 'What it says'],
    rows: pages.map((page) => [[link(page.path, page.heading)], [page.description]]),
  };
}

/** Address of the card image of a provider. */
export function cardPath(provider: string): string {
  return `${providerPath(provider)}card.png`;
}

/** Every resource by its name: what search falls back on without a script. */
export function indexPage(providers: readonly ProviderFacts[]): Page {
  const relations = providers
    .flatMap((provider) => provider.services.flatMap((service) => service.relations))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1));
  const perLetter = new Map<string, typeof relations>();
  for (const relation of relations) {
    const letter = relation.name[0]?.toUpperCase() ?? '-';
    perLetter.set(letter, [...(perLetter.get(letter) ?? []), relation]);
  }
  return {
    path: '/search/',
    title: 'All resources',
    heading: 'All resources',
    description: `${counted(relations.length, 'resource')} by name. The search field finds fields and methods too.`,
    keywords: ['orgql', 'resources', 'index', 'search'],
    trail: [{ text: 'Home', path: '/' }],
    menu: [],
    blocks: [...perLetter].flatMap(([letter, ofLetter]): readonly Block[] => [
      { kind: 'heading', level: 2, id: `letter-${letter.toLowerCase().replace(/\W/g, '_')}`, content: [letter] },
      {
        kind: 'list',
        ordered: false,
        items: ofLetter.map((relation) => [
          {
            kind: 'paragraph',
            content: [
              link(resourcePath(relation), relation.name),
              ' in ',
              code(`${relation.provider}.${relation.service}`),
              ` - ${counted(publishedMethods(relation).length, 'method')}${isSelectable(relation) ? '' : ', not selectable'}`,
            ],
          },
        ]),
      },
    ]),
  };
}

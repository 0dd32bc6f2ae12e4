import {
  isSelectable,
  type ProviderFacts,
  providerPath,
  publishedMethods,
  resourcePath,
  type ServiceFacts,
  servicePath,
} from '../facts.ts';
import type { Page } from '../model/page.ts';
import { readInlineMarkdown } from '../model/read-markdown.ts';
import { copyable, counted, cut, firstSentence, link, plainText } from '../model/text.ts';
import { menuOf } from './resource-page.ts';

/** The page of one service: totals, what it is, its resources. */
export function servicePage(provider: ProviderFacts, service: ServiceFacts, image: string): Page {
  const { totals } = service;
  const description = plainText(readInlineMarkdown(service.description));
  const about = description === '' ? `The ${service.name} service of ${provider.name}` : description;
  return {
    path: servicePath(provider.name, service.name),
    title: `${service.name} - ${provider.name}`,
    heading: service.name,
    description: cut(
      `${about}${/[.!?]$/.test(about) ? '' : '.'} ${counted(totals.resources, 'resource')}, ${counted(totals.methods, 'method')}.`,
      300,
    ),
    keywords: [service.name, provider.name, 'SQL', 'API', ...service.relations.map((relation) => relation.name)].slice(0, 40),
    trail: [
      { text: 'Home', path: '/' },
      { text: provider.name, path: providerPath(provider.name) },
    ],
    menu: menuOf(provider.name, provider.services, service.name),
    image,
    blocks: [
      { kind: 'heading', level: 2, id: 'summary', content: ['Summary'] },
      {
        kind: 'table',
        label: 'Summary',
        columns: ['', ''],
        rowHeads: true,
        rows: [
          [['Total resources'], [String(totals.resources)]],
          [['Total selectable resources'], [String(totals.selectable)]],
          [['Total methods'], [String(totals.methods)]],
        ],
      },
      { kind: 'heading', level: 2, id: 'overview', content: ['Overview'] },
      {
        kind: 'table',
        label: 'Overview',
        columns: ['', ''],
        rowHeads: true,
        rows: [
          [['Name'], [copyable(service.name)]],
          [['Type'], ['Service']],
          [['Id'], [copyable(`${provider.name}.${service.name}`)]],
        ],
      },
      { kind: 'heading', level: 2, id: 'resources', content: ['Resources'] },
      {
        kind: 'table',
        label: 'Resources',
        columns: ['Name', 'Accessible by', 'Methods', 'Description'],
        rows: service.relations.map((relation) => [
          [link(resourcePath(relation), relation.name)],
          [
            [...new Set([...(isSelectable(relation) ? ['SELECT'] : []), ...publishedMethods(relation).map((method) => method.verb)])].join(
              ', ',
            ),
          ],
          [String(publishedMethods(relation).length)],
          [firstSentence(plainText(readInlineMarkdown(relation.description)))],
        ]),
      },
    ],
  };
}

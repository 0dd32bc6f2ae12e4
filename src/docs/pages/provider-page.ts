import { type ProviderFacts, providerPath, servicePath } from '../facts.ts';
import type { Block, Page } from '../model/page.ts';
import { readInlineMarkdown } from '../model/read-markdown.ts';
import { code, copyable, counted, cut, link, plainText } from '../model/text.ts';
import { authentication } from './authentication.ts';
import { menuOf } from './resource-page.ts';
import { remarks } from './shape-rows.ts';

/** The page of a provider: totals, how to get it, how to sign in, what its addresses need, its services. */
export function providerPage(provider: ProviderFacts, image: string): Page {
  const { totals, name } = provider;
  const about = provider.description === '' ? `The ${provider.title} API as SQL` : plainText(readInlineMarkdown(provider.description));
  return {
    path: providerPath(name),
    title: `${name} - provider`,
    heading: name,
    description: cut(
      `${about}${/[.!?]$/.test(about) ? '' : '.'} ${counted(totals.services, 'service')}, ${counted(totals.resources, 'resource')}, ${counted(totals.methods, 'method')}.`,
      300,
    ),
    keywords: [name, provider.title, 'SQL', 'API', 'provider', ...provider.services.map((service) => service.name)].slice(0, 40),
    trail: [{ text: 'Home', path: '/' }],
    menu: menuOf(name, provider.services, undefined),
    image,
    blocks: [
      { kind: 'heading', level: 2, id: 'totals', content: ['Totals'] },
      {
        kind: 'table',
        label: 'Totals',
        columns: ['', ''],
        rowHeads: true,
        rows: [
          [['Total services'], [String(totals.services)]],
          [['Total resources'], [String(totals.resources)]],
          [['Total selectable resources'], [String(totals.selectable)]],
          [['Total methods'], [String(totals.methods)]],
          [['Version'], [copyable(provider.version)]],
        ],
      },
      ...installation(provider),
      ...authentication(provider),
      ...serverParameters(provider),
      { kind: 'heading', level: 2, id: 'services', content: ['Services'] },
      {
        kind: 'table',
        label: 'Services',
        columns: ['Name', 'Resources', 'Methods', 'Description'],
        rows: provider.services.map((service) => [
          [link(servicePath(name, service.name), service.name)],
          [String(service.totals.resources)],
          [String(service.totals.methods)],
          readInlineMarkdown(cut(service.description === '' ? service.title : service.description, 400)),
        ]),
      },
    ],
  };
}

function installation({ name, isBuiltIn }: ProviderFacts): readonly Block[] {
  const heading: Block = { kind: 'heading', level: 2, id: 'installation', content: ['Installation'] };
  if (isBuiltIn)
    return [
      heading,
      { kind: 'paragraph', content: ['It comes with orgql; there is nothing to install. What it has:'] },
      { kind: 'code', language: 'sql', text: `SHOW SERVICES IN ${name};` },
    ];
  return [
    heading,
    { kind: 'paragraph', content: ['From the registry, once:'] },
    { kind: 'code', language: 'sql', text: `REGISTRY PULL ${name};` },
    { kind: 'paragraph', content: ['or on the command line:'] },
    { kind: 'code', language: 'sh', text: `orgql registry pull ${name}` },
  ];
}

function serverParameters({ serverParameters: parameters }: ProviderFacts): readonly Block[] {
  const heading: Block = { kind: 'heading', level: 2, id: 'server-parameters', content: ['Server parameters'] };
  if (parameters.length === 0) return [heading, { kind: 'paragraph', content: ["None: the API's address is fixed."] }];
  return [
    heading,
    {
      kind: 'paragraph',
      content: ["Parts of the API's address. A statement gives them like any other parameter, or the org's configuration does."],
    },
    {
      kind: 'table',
      label: 'Server parameters',
      columns: ['Name', 'Datatype', 'Default', 'Description'],
      rows: parameters.map((parameter) => [
        [copyable(parameter.name)],
        [code(parameter.shape.apiType)],
        parameter.default === undefined || parameter.default === '' ? ['none'] : [code(parameter.default)],
        remarks(parameter.shape, parameter.description ?? parameter.shape.description),
      ]),
    },
  ];
}

import type { Column, Method, Relation } from '../../catalog/types.ts';
import type { RelatedRelation } from '../examples/related.ts';
import { isSelectable, providerPath, publishedMethods, resourcePath, type ServiceFacts, servicePath } from '../facts.ts';
import type { Block, Example, Page } from '../model/page.ts';
import { readInlineMarkdown } from '../model/read-markdown.ts';
import { anchor, code, commaList, copyable, cut, firstSentence, link, plainText } from '../model/text.ts';
import { parametersSection } from './parameters.ts';
import { filterSection, requestsSection } from './requests.ts';
import { nestedProperties, pathCell, remarks, typeText } from './shape-rows.ts';

/** What a resource page shows beside the catalog's own facts. */
export interface ResourceExtras {
  readonly examples: readonly { readonly section: string; readonly examples: readonly Example[] }[];
  readonly related: readonly RelatedRelation[];
  readonly join: Example | undefined;
  readonly image: string;
}

/** The page of one resource: Overview, Fields and Methods first, then all that is known beyond. */
export function resourcePage(relation: Relation, services: readonly ServiceFacts[], extras: ResourceExtras): Page {
  const { provider, service, name, id } = relation;
  const path = resourcePath(relation);
  const summary =
    relation.description === '' ? `The ${name} resource of ${provider}.${service}.` : plainText(readInlineMarkdown(relation.description));
  return {
    path,
    title: `${name} - ${provider}.${service}`,
    heading: name,
    description: cut(`${summary}${/[.!?]$/.test(summary) ? '' : '.'} Fields, methods and SQL examples of ${id}.`, 300),
    keywords: [name, service, provider, id, ...verbsOf(relation), 'SQL', 'API'],
    trail: [
      { text: 'Home', path: '/' },
      { text: provider, path: providerPath(provider) },
      { text: service, path: servicePath(provider, service) },
    ],
    menu: menuOf(provider, services, service),
    image: extras.image,
    blocks: [
      { kind: 'heading', level: 2, id: 'overview', content: ['Overview'] },
      {
        kind: 'table',
        label: 'Overview',
        columns: ['', ''],
        rowHeads: true,
        rows: [
          [['Name'], [copyable(name)]],
          [['Type'], [relation.views.length > 0 ? 'View' : 'Resource']],
          [['Id'], [copyable(id)]],
        ],
      },
      ...fieldsSection(relation),
      ...methodsSection(relation),
      ...parametersSection(relation),
      ...nestedSection(relation),
      ...hiddenSection(relation),
      ...filterSection(relation),
      ...requestsSection(relation),
      ...extras.examples.flatMap(({ section, examples }): readonly Block[] =>
        examples.length === 0 ? [] : [{ kind: 'heading', level: 2, id: anchor(section), content: [section] }, ...examples],
      ),
      ...relatedSection(extras),
      ...notesSection(relation),
    ],
  };
}

/** The provider's services, and the resources of one of them. */
export function menuOf(provider: string, services: readonly ServiceFacts[], open: string | undefined): Page['menu'] {
  return [
    { title: provider, path: providerPath(provider), items: [] },
    ...services.map((service) => ({
      title: service.name,
      path: servicePath(provider, service.name),
      items: service.name === open ? service.relations.map((relation) => ({ text: relation.name, path: resourcePath(relation) })) : [],
    })),
  ];
}

function verbsOf(relation: Relation): readonly string[] {
  return [...new Set(publishedMethods(relation).map((method) => method.verb))];
}

function fieldsSection(relation: Relation): readonly Block[] {
  const heading: Block = { kind: 'heading', level: 2, id: 'fields', content: ['Fields'] };
  const published = relation.columns.filter((column) => column.published);
  if (published.length === 0)
    return [
      heading,
      {
        kind: 'paragraph',
        content: [
          relation.views.length > 0
            ? 'They are the columns of its query.'
            : isSelectable(relation)
              ? 'No fields are published; the hidden columns below can be selected.'
              : 'Nothing can be selected from this resource: its methods are called by the other verbs.',
        ],
      },
    ];
  return [
    heading,
    {
      kind: 'table',
      label: 'Fields',
      columns: ['Name', 'Datatype'],
      rows: published.map((column) => [[copyable(column.name)], [code(column.shape.apiType)]]),
      anchors: published.map((column) => `field-${anchor(column.name)}`),
    },
    {
      kind: 'details',
      summary: ['SQL types, formats, values and descriptions of the fields'],
      blocks: [columnTable('Details of the fields', published)],
    },
  ];
}

function columnTable(label: string, columns: readonly Column[]): Block {
  return {
    kind: 'table',
    label,
    columns: ['Name', 'Datatype', 'SQL type', 'Values and description'],
    rows: columns.map((column) => [
      [copyable(column.name)],
      [typeText(column.shape)],
      [code(column.shape.sqlType)],
      [...(column.secret ? ['Secret: never logged or cached. '] : []), ...remarks(column.shape)],
    ]),
  };
}

function methodsSection(relation: Relation): readonly Block[] {
  const methods = publishedMethods(relation);
  const heading: Block = { kind: 'heading', level: 2, id: 'methods', content: ['Methods'] };
  const [view] = relation.views;
  if (methods.length === 0 && view !== undefined)
    return [
      heading,
      { kind: 'paragraph', content: ["None of its own: it is a view, a query over the provider's resources."] },
      { kind: 'details', summary: ['The query'], blocks: [{ kind: 'code', language: 'text', text: view.sql.trim() }] },
    ];
  return [
    heading,
    {
      kind: 'table',
      label: 'Methods',
      columns: ['Name', 'Accessible by', 'Required Params', 'Description'],
      rows: methods.map((method) => [
        [copyable(method.name)],
        [code(method.verb)],
        commaList(method.requiredParams.map(copyable)),
        readInlineMarkdown(shortDescription(method.description)),
      ]),
      anchors: methods.map((method) => `method-${anchor(method.name)}`),
    },
    ...longDescriptions(methods),
  ];
}

// The table says what a method does; what else is said of it stands below, once.
function shortDescription(text: string): string {
  const [paragraph = ''] = text.trim().split(/\n\s*\n/);
  const flat = paragraph.replace(/\s+/g, ' ');
  return flat.length <= 320 ? flat : firstSentence(flat, 320);
}

function longDescriptions(methods: readonly Method[]): readonly Block[] {
  const long = methods.filter(
    (method) => shortDescription(method.description).replace(/\s+/g, ' ') !== method.description.trim().replace(/\s+/g, ' '),
  );
  if (long.length === 0) return [];
  return [
    {
      kind: 'details',
      summary: ['What the methods do, in full'],
      blocks: long.flatMap((method): readonly Block[] => [
        { kind: 'paragraph', content: [{ kind: 'strong', content: [method.name] }] },
        { kind: 'paragraph', content: readInlineMarkdown(cut(method.description, 2500)) },
      ]),
    },
  ];
}

const MOST_NESTED = 220;

function nestedSection(relation: Relation): readonly Block[] {
  const columns = relation.columns.filter((column) => column.published && column.shape.sqlType === 'JSON');
  const share = Math.max(20, Math.floor(MOST_NESTED / Math.max(1, columns.length)));
  const parts = columns.flatMap((column): readonly Block[] => {
    const { properties, isCut } = nestedProperties(column.name, column.shape, share);
    if (properties.length === 0) return [];
    return [
      {
        kind: 'details',
        summary: ['Properties of ', code(column.name)],
        blocks: [
          {
            kind: 'table',
            label: `Properties of ${column.name}`,
            columns: ['Path', 'Datatype', 'SQL type', 'Values and description'],
            rows: properties.map((property) => [
              pathCell(property),
              [typeText(property.shape)],
              [code(property.shape.sqlType)],
              remarks(property.shape, property.shape.description === undefined ? undefined : cut(property.shape.description, 160)),
            ]),
          },
          ...(isCut
            ? [{ kind: 'paragraph' as const, content: [`The first ${properties.length}; deeper ones can be selected all the same.`] }]
            : []),
        ],
      },
    ];
  });
  if (parts.length === 0) return [];
  return [
    { kind: 'heading', level: 2, id: 'nested-properties', content: ['Nested properties'] },
    {
      kind: 'paragraph',
      content: ['A path can stand wherever a column can; ', code('->>'), ' and ', code('json_extract'), ' reach the same value.'],
    },
    ...parts,
  ];
}

function hiddenSection(relation: Relation): readonly Block[] {
  const hidden = relation.columns.filter((column) => !column.published);
  if (hidden.length === 0) return [];
  return [
    { kind: 'heading', level: 2, id: 'hidden-columns', content: ['Hidden columns'] },
    { kind: 'paragraph', content: ['Not part of ', code('*'), ', but usable by name anywhere in a query.'] },
    columnTable('Hidden columns', hidden),
  ];
}

function relatedSection({ related, join }: ResourceExtras): readonly Block[] {
  if (related.length === 0) return [];
  return [
    { kind: 'heading', level: 2, id: 'related-resources', content: ['Related resources'] },
    {
      kind: 'list',
      ordered: false,
      items: related.map(({ relation, kind, parameter, column }) => [
        {
          kind: 'paragraph',
          content: [
            link(resourcePath(relation), relation.id),
            kind === 'parent' ? ': its ' : kind === 'child' ? ': needs ' : ': the same facts from the other side (',
            ...(kind === 'parent'
              ? [code(column), " is this resource's ", code(parameter)]
              : kind === 'child'
                ? [code(parameter), ", which is this resource's ", code(column)]
                : [code(parameter), ' here is ', code(column), ' there)']),
            '.',
          ],
        },
      ]),
    },
    ...(join === undefined ? [] : [join]),
  ];
}

function notesSection(relation: Relation): readonly Block[] {
  const notes = [...(relation.overlay.relation.notes ?? [])];
  const indexed = relation.overlay.relation.indexedBy ?? [];
  if (indexed.length > 0) notes.push(`Read by ${indexed.join(', ')}, rows come from an index that follows changes after a moment.`);
  if (notes.length === 0) return [];
  return [
    { kind: 'heading', level: 2, id: 'notes', content: ['Notes'] },
    { kind: 'list', ordered: false, items: notes.map((note) => [{ kind: 'paragraph', content: readInlineMarkdown(note) }]) },
  ];
}

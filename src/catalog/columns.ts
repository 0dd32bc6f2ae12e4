import { toSnake } from './casing.ts';
import { asObject, asText, textsOf } from './json.ts';
import type { BuiltMethod } from './method.ts';
import type { ReferenceSpace } from './references.ts';
import { expand, type PropertyParts, propertiesOf, shapeOf } from './shape.ts';
import type { Column, Json } from './types.ts';

/** What StackQL calls the one column of rows that are bare values. */
const ANONYMOUS_COLUMN = 'column_anon';

export interface ColumnSources {
  readonly space: ReferenceSpace;
  /** Methods that serve SELECT, the one whose rows are published first. */
  readonly reading: readonly BuiltMethod[];
  /** `x-orgql-columns`: the published names in order. Without it the properties of the first reading method's rows are published. */
  readonly published: Json | undefined;
  readonly secrets: readonly string[];
  readonly hasSnakeNames: boolean;
}

/**
 * A relation's columns: the published ones in their order, then the hidden ones (properties that only subtypes of the row have,
 * that only another reading method returns, or that the document keeps out of its list). Names that differ in case only are told
 * apart by a number, since SQL does not look at case.
 */
export function columnsOf(sources: ColumnSources): readonly Column[] {
  const { space, hasSnakeNames } = sources;
  const properties = mergeProperties(space, sources.reading);
  if (properties.length === 0) return anonymousColumn(space, sources.reading);
  const listed = Array.isArray(sources.published) ? textsOf(sources.published) : undefined;
  const secrets = new Set(sources.secrets.map((name) => name.toLowerCase()));
  const taken = new Set<string>();
  const column = (property: PropertyParts, published: boolean): Column => {
    const wireName = property.parts.map(({ node }) => asText(asObject(node.xml).name)).find((name) => name !== undefined) ?? property.name;
    const name = unusedName(hasSnakeNames ? toSnake(property.name) : property.name, taken);
    return { name, wireName, shape: shapeOf(space, property.parts), published, secret: secrets.has(name.toLowerCase()) };
  };
  const byName = new Map(properties.map((property) => [property.name, property]));
  const publishedProperties =
    listed === undefined ? properties.filter((property) => !property.isSubtypeOnly) : listed.flatMap((name) => byName.get(name) ?? []);
  const published = new Set(publishedProperties);
  return [
    ...publishedProperties.map((property) => column(property, true)),
    ...properties.filter((property) => !published.has(property)).map((property) => column(property, false)),
  ];
}

// The first reading method's properties as they are; what the others add counts as a subtype's.
function mergeProperties(space: ReferenceSpace, reading: readonly BuiltMethod[]): readonly PropertyParts[] {
  const merged = new Map<string, PropertyParts>();
  for (const [index, { rowParts }] of reading.entries()) {
    for (const property of propertiesOf(space, rowParts)) {
      if (!merged.has(property.name))
        merged.set(property.name, index === 0 || merged.size === 0 ? property : { ...property, isSubtypeOnly: true });
    }
  }
  return [...merged.values()];
}

// Only where the schema says that rows are bare values; one that says nothing promises no column.
function anonymousColumn(space: ReferenceSpace, reading: readonly BuiltMethod[]): readonly Column[] {
  const row = reading.find(({ rowParts }) => expand(space, rowParts).some(({ node }) => node.type !== undefined))?.method.response.row;
  if (row === undefined || row.apiType === 'object' || row.apiType === 'array') return [];
  return [{ name: ANONYMOUS_COLUMN, wireName: ANONYMOUS_COLUMN, shape: row, published: true, secret: false }];
}

function unusedName(name: string, taken: Set<string>): string {
  let candidate = name;
  for (let number = 1; taken.has(candidate.toLowerCase()); number++) candidate = `${name}_${number}`;
  taken.add(candidate.toLowerCase());
  return candidate;
}

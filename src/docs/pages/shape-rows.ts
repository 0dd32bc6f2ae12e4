import type { Shape } from '../../catalog/types.ts';
import { sqlPath } from '../examples/sql-text.ts';
import type { Inlines } from '../model/page.ts';
import { readInlineMarkdown } from '../model/read-markdown.ts';
import { code, commaList, copyable } from '../model/text.ts';

/** A property below a field. */
export interface NestedProperty {
  readonly path: readonly string[];
  readonly shape: Shape;
  /** False where a list lies between: no path of SQL leads to one value. */
  readonly isReachable: boolean;
}

/** Properties below a field, level by level, at most `limit` of them and four levels deep. */
export function nestedProperties(
  name: string,
  shape: Shape,
  limit: number,
): { readonly properties: readonly NestedProperty[]; readonly isCut: boolean } {
  const properties: NestedProperty[] = [];
  let level: readonly NestedProperty[] = [{ path: [name], shape, isReachable: true }];
  for (let depth = 0; depth < 4 && level.length > 0; depth++) {
    const next: NestedProperty[] = [];
    for (const parent of level) {
      for (const [key, inner] of inside(parent.shape)) {
        if (properties.length + next.length >= limit) return { properties: inOrder([...properties, ...next]), isCut: true };
        const isList = parent.shape.apiType === 'array';
        next.push({
          path: isList ? [...parent.path.slice(0, -1), `${parent.path.at(-1) ?? ''}[]`, key] : [...parent.path, key],
          shape: inner,
          isReachable: parent.isReachable && !isList,
        });
      }
    }
    properties.push(...next);
    level = next;
  }
  return { properties: inOrder(properties), isCut: false };
}

function inside(shape: Shape): ReadonlyMap<string, Shape> {
  if (shape.apiType === 'array') return shape.items()?.properties() ?? new Map();
  return shape.apiType === 'object' ? shape.properties() : new Map();
}

// Found level by level, shown as a tree: each property right under its parent.
function inOrder(properties: readonly NestedProperty[]): readonly NestedProperty[] {
  const children = new Map<string, NestedProperty[]>();
  const key = (path: readonly string[]): string => path.join('\u0000').replaceAll('[]', '');
  for (const property of properties) {
    const parent = key(property.path.slice(0, -1));
    children.set(parent, [...(children.get(parent) ?? []), property]);
  }
  const root = properties[0] === undefined ? '' : key(properties[0].path.slice(0, -1));
  const walk = (parent: string): readonly NestedProperty[] =>
    (children.get(parent) ?? []).flatMap((property) => [property, ...walk(key(property.path))]);
  return walk(root);
}

/** Its path, to be copied where SQL can use it. */
export function pathCell(property: NestedProperty): Inlines {
  return [property.isReachable ? copyable(sqlPath(property.path)) : code(property.path.join('.'))];
}

/** `string (date-time)`. */
export function typeText(shape: Shape): string {
  return shape.format === undefined ? shape.apiType : `${shape.apiType} (${shape.format})`;
}

const MOST_VALUES = 24;

/** What else is known of a value: its enumeration, that it cannot be written, its description. */
export function remarks(shape: Shape, description = shape.description): Inlines {
  const parts: Inlines[] = [];
  if (shape.enum !== undefined && shape.enum.length > 0) {
    const shown = shape.enum.slice(0, MOST_VALUES);
    const more = shape.enum.length - shown.length;
    parts.push(['One of ', ...commaList(shown.map(code)), more > 0 ? `, and ${more} more.` : '.']);
  }
  if (shape.readOnly === true) parts.push(['Read-only.']);
  if (description !== undefined && description !== '') parts.push(readInlineMarkdown(description));
  return parts.flatMap((part, index) => (index === 0 ? part : [' ', ...part]));
}

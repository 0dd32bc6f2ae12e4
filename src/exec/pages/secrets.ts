import { isSafeNumber, LosslessNumber, parse, stringify } from 'lossless-json';
import type { Catalog, Relation } from '../../catalog/types.ts';
import { overlaps } from '../../plan/needed.ts';
import type { Occurrence } from '../../plan/types.ts';

/** Paths, from a row, to the values that may not be written to disk: the relation's own, and those of rows that come embedded. */
export async function secretPaths(catalog: Catalog, relation: Relation): Promise<readonly (readonly string[])[]> {
  const paths = ownSecrets(relation);
  for (const embed of relation.overlay.relation.embeds ?? []) {
    const [provider = '', service = '', resource = ''] = embed.relation.split('.');
    const under = embed.pointer.split('/').slice(1);
    const inner = await catalog.relation(provider, service, resource);
    paths.push(...ownSecrets(inner).map((path) => [...under, ...path]));
  }
  return paths;
}

function ownSecrets(relation: Relation): (readonly string[])[] {
  const columns = relation.columns.filter((column) => column.secret).map((column) => [column.wireName]);
  return [...columns, ...(relation.overlay.relation.secrets ?? []).map((path) => path.split('.'))];
}

/** True when a query looks at a secret, or at something that holds one: what was stored without it cannot answer. */
export function needsSecret(occurrence: Occurrence, secrets: readonly (readonly string[])[]): boolean {
  return [...occurrence.needed.values()].some(
    ({ source }) => source.kind === 'property' && secrets.some((secret) => overlaps(secret, source.path)),
  );
}

/** The body without its secrets; every other value as it was. The same bytes where there are none. */
export function withoutSecrets(bytes: Uint8Array, rowsPath: readonly string[], secrets: readonly (readonly string[])[]): Uint8Array {
  if (secrets.length === 0) return bytes;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  // Most pages have none: a name that does not occur needs no reading.
  if (!secrets.some((path) => text.includes(path.at(-1) ?? ''))) return bytes;
  const body = parse(text, undefined, (number) =>
    isSafeNumber(number) && String(Number(number)) === number ? Number(number) : new LosslessNumber(number),
  );
  let rows: unknown = body;
  for (const part of rowsPath) rows = isObject(rows) ? rows[part] : undefined;
  for (const row of Array.isArray(rows) ? rows : [rows]) for (const path of secrets) remove(row, path);
  return Buffer.from(stringify(body) ?? 'null');
}

function remove(value: unknown, [first = '', ...rest]: readonly string[]): void {
  if (Array.isArray(value)) {
    for (const item of value) remove(item, [first, ...rest]);
    return;
  }
  if (!isObject(value)) return;
  if (rest.length === 0) delete value[first];
  else remove(value[first], rest);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof LosslessNumber);
}

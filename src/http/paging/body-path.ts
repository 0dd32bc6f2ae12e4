/** Reads a value out of a decoded body: `a`, `$.a.b`, `$.a[0].b`, `$['@odata.nextLink']`. Arrays on the way open at their only element. */
export function readPath(body: unknown, path: string): unknown {
  if (isRecord(body) && Object.hasOwn(body, path)) return body[path];
  let current: unknown = body;
  for (const name of pathSegments(path)) {
    if (Array.isArray(current) && !/^\d+$/.test(name)) current = current.length === 1 ? current[0] : undefined;
    if (Array.isArray(current)) current = current[Number(name)];
    else if (isRecord(current) && Object.hasOwn(current, name)) current = current[name];
    else return undefined;
  }
  return Array.isArray(current) && current.length === 1 ? current[0] : current;
}

/** How many rows the list at a path has; 0 where there is none. */
export function countRows(body: unknown, rowsPath: readonly string[]): number {
  let rows: unknown = body;
  for (const name of rowsPath) rows = isRecord(rows) ? rows[name] : undefined;
  return Array.isArray(rows) ? rows.length : 0;
}

/** The names of a simple JSONPath; a trailing `[*]` says nothing more. */
export function pathSegments(path: string): readonly string[] {
  const segments: string[] = [];
  const token = /\[\s*(?:'([^']*)'|"([^"]*)"|(\d+)|\*)\s*\]|([^.[\]]+)/g;
  for (const [, single, double, position, name] of path.replace(/^\$/, '').matchAll(token)) {
    const segment = single ?? double ?? position ?? name;
    if (segment !== undefined && segment !== '*') segments.push(segment);
  }
  return segments;
}

/** A token as text; `undefined` for what ends a list: nothing, null, `""`, `[]`, false. */
export function tokenText(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' || value === '<nil>' || value === '[]' ? undefined : value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return undefined;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

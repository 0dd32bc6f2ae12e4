import { isObject } from './id-map.ts';

/** Links that differ from org to org. */
const ORG_LINKS: ReadonlySet<string> = new Set(['owners', 'resetFactors', 'profileEnrollment', 'policies', 'accessPolicy']);

/** The key paths of a body at every depth, without what differs from org to org; `undefined` for a body that is no JSON. */
function keyPaths(body: string): ReadonlySet<string> | undefined {
  if (body.trim() === '') return new Set();
  const parsed = parseJson(body);
  if (parsed === undefined) return undefined;
  const paths = new Set<string>();
  collect(parsed, '', '', paths);
  return paths;
}

function collect(value: unknown, path: string, parent: string, into: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, `${path}[]`, parent, into);
    return;
  }
  if (!isObject(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (isSetAside(key, parent)) continue;
    const here = path === '' ? key : `${path}.${key}`;
    into.add(here);
    if (key === 'appLinks' && parent === 'visibility') continue;
    collect(inner, here, key, into);
  }
}

function isSetAside(key: string, parent: string): boolean {
  return key === 'realmId' || (key === 'riskScore' && parent === 'conditions') || (parent === '_links' && ORG_LINKS.has(key));
}

/**
 * Key paths that one side lacks: `-` ours, `+` the recording. Where a list is empty on one side (the org has nothing of the kind), its items' keys say nothing
 * and are left out: `isPartial` tells so.
 */
export function differences(recorded: string, ours: string): { readonly paths: readonly string[]; readonly isPartial: boolean } {
  const [theirs, here] = [keyPaths(recorded), keyPaths(ours)];
  if (theirs === undefined || here === undefined) return { paths: theirs === here ? [] : ['-(JSON)'], isPartial: false };
  const empty = [...emptyLists(recorded), ...emptyLists(ours)];
  const isCompared = (path: string): boolean => !empty.some((list) => path.startsWith(`${list}[]`));
  const missing = [...theirs].filter((path) => !here.has(path)).map((path) => `-${path}`);
  const extra = [...here].filter((path) => !theirs.has(path)).map((path) => `+${path}`);
  const all = [...missing, ...extra];
  const compared = all.filter((path) => isCompared(path.slice(1)));
  return { paths: outermost(compared), isPartial: compared.length < all.length };
}

/** Paths of lists that are there and empty, in every item that has them. */
function emptyLists(body: string): string[] {
  const counts = new Map<string, number>();
  const visit = (value: unknown, path: string): void => {
    if (Array.isArray(value)) {
      counts.set(path, (counts.get(path) ?? 0) + value.length);
      for (const item of value) visit(item, `${path}[]`);
    } else if (isObject(value)) {
      for (const [key, inner] of Object.entries(value)) visit(inner, path === '' ? key : `${path}.${key}`);
    }
  };
  visit(parseJson(body), '');
  return [...counts].filter(([, count]) => count === 0).map(([path]) => path);
}

/** Without paths below one that differs already. */
function outermost(paths: readonly string[]): string[] {
  return paths.filter((path) => !paths.some((other) => other !== path && (path.startsWith(`${other}.`) || path.startsWith(`${other}[`))));
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Okta's error code of a body, `undefined` if it has none. */
export function errorCodeOf(body: string): string | undefined {
  const parsed = parseJson(body);
  if (!isObject(parsed)) return undefined;
  const code = parsed.errorCode ?? parsed.error;
  return typeof code === 'string' ? code : undefined;
}

import { isObject } from './id-map.ts';

/** Links that differ from org to org. */
const ORG_LINKS: ReadonlySet<string> = new Set(['owners', 'resetFactors', 'profileEnrollment', 'policies', 'accessPolicy']);

/** The key paths of a body at every depth, without what differs from org to org; `undefined` for a body that is no JSON. */
export function keyPaths(body: string): ReadonlySet<string> | undefined {
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

/** Key paths that one side lacks: `-` ours, `+` the recording. */
export function differences(recorded: ReadonlySet<string>, ours: ReadonlySet<string>): string[] {
  const missing = [...recorded].filter((path) => !ours.has(path)).map((path) => `-${path}`);
  const extra = [...ours].filter((path) => !recorded.has(path)).map((path) => `+${path}`);
  return outermost([...missing, ...extra]);
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

import { OrgqlError } from '../../util/errors.ts';
import type { PreparedRequest } from '../request/prepare.ts';

/** Canonical addresses that an API gives in its links for what was asked under a name: same thing, other path. */
const CANONICAL_PREFIXES: readonly (readonly [template: string, canonical: string])[] = [
  ['/repos/{owner}/{repo}', '/repositories/{id}'],
  ['/orgs/{org}', '/organizations/{id}'],
  ['/users/{username}', '/user/{id}'],
];

/**
 * Path and query of a next link, to be asked of the origin that the request went to (I5): hosts in links may be a custom domain,
 * the `-admin` twin, or hostile. Throws `invalid_response` where the link leads to another operation.
 */
export function graftLink(request: PreparedRequest, target: string): string {
  const url = parse(request, target);
  if (url === undefined || !isSameOperation(request, url)) {
    throw new OrgqlError('invalid_response', `The API's link to the next page leads elsewhere: ${printable(target)}`, {
      detail: `It does not fit ${request.verb} ${request.pathTemplate}, which sent it.`,
      hint: 'The list was not read to its end. This is a fault of the API (or of something between here and there); nothing was sent to that address.',
    });
  }
  return `${url.pathname}${url.search}`;
}

/** True where a link has the same path template as the request. */
export function isSamePath(request: PreparedRequest, target: string): boolean {
  const url = parse(request, target);
  return url !== undefined && isSameOperation(request, url);
}

/** True where it leads to the same list, too: what ends otherwise, as a token does, names another one below a path that ends in an id. */
export function isSameList(request: PreparedRequest, target: string): boolean {
  const url = parse(request, target);
  return url !== undefined && isSameOperation(request, url) && endOf(url.pathname) === endOf(request.url.pathname);
}

function endOf(path: string): string | undefined {
  return path.replace(/\/$/, '').split('/').at(-1);
}

function parse(request: PreparedRequest, target: string): URL | undefined {
  let url: URL;
  try {
    url = new URL(target, request.url.href);
  } catch {
    return undefined;
  }
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined;
}

function isSameOperation({ pathTemplate: template, url: asked }: PreparedRequest, url: URL): boolean {
  if (url.pathname === asked.pathname || patternOf(template).test(url.pathname)) return true;
  return CANONICAL_PREFIXES.some(([named, canonical]) => {
    const index = shapeOf(template).indexOf(shapeOf(named));
    if (index !== 0) return false;
    const rest = template.split('/').slice(named.split('/').length).join('/');
    return patternOf(rest === '' ? canonical : `${canonical}/${rest}`).test(url.pathname);
  });
}

function shapeOf(template: string): string {
  return template.replace(/\{[^{}]*\}/g, '{}');
}

function patternOf(template: string): RegExp {
  const source = template
    .split(/(\{[^{}]*\})/)
    .map((part) => (part.startsWith('{+') ? '.+' : part.startsWith('{') ? '[^/]+' : part.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&')))
    .join('');
  return new RegExp(`^${source.replace(/\/$/, '')}/?$`, 'i');
}

// Text from the API is hostile (I10); a link may be long.
function printable(target: string): string {
  const text = JSON.stringify(target.slice(0, 200));
  return text.slice(1, -1);
}

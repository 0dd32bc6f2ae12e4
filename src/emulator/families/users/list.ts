import { compileFilter, type FilterAttribute, type FilterGrammar, type Test } from '../../filter/compile.ts';
import { profileText, type User } from '../../model.ts';
import type { Org } from '../../org.ts';
import { BASE64_CURSOR, cursorOf, goesOn, limitOf, linkHeaders, PLAIN_CURSOR, prefixCursor } from '../../paging.ts';
import { parseFields, project } from '../../projection.ts';
import { invalid, refuse } from '../../refusal.ts';
import { arrayBytes } from '../../reply.ts';
import { SearchIndex } from '../../search-index.ts';
import type { Call, JsonObject, Reply } from '../../types.ts';
import { projectedText } from './projected.ts';
import { listItem, listItemText } from './render.ts';

const COMPARISONS = ['eq', 'gt', 'ge', 'lt', 'le', 'pr'] as const;

const CORE: Readonly<Record<string, FilterAttribute<User>>> = {
  id: { type: 'text', operators: [...COMPARISONS, 'sw'], get: (user) => user.id },
  status: { type: 'text', operators: [...COMPARISONS, 'sw'], get: (user) => user.status },
  created: { type: 'date', operators: COMPARISONS, get: (user) => user.created },
  activated: { type: 'date', operators: COMPARISONS, get: (user) => user.activated },
  statusChanged: { type: 'date', operators: COMPARISONS, get: (user) => user.statusChanged },
  lastUpdated: { type: 'date', operators: COMPARISONS, get: (user) => user.lastUpdated },
  'type.id': { type: 'text', operators: [...COMPARISONS, 'sw'], get: (user) => user.typeId },
};
const CONTAINABLE: ReadonlySet<string> = new Set(['profile.firstName', 'profile.lastName', 'profile.email', 'profile.login']);
const FILTERABLE: ReadonlySet<string> = new Set([
  'id',
  'status',
  'profile.firstName',
  'profile.lastName',
  'profile.email',
  'profile.login',
]);

function profileAttribute(name: string, operators: FilterAttribute<User>['operators']): FilterAttribute<User> {
  const property = name.slice('profile.'.length);
  return { type: 'text', operators, get: (user) => user.profile[property] };
}

const SEARCH: FilterGrammar<User> = {
  isCaseSensitive: false,
  attribute: (name) => {
    if (!name.startsWith('profile.')) return CORE[name];
    return profileAttribute(name, CONTAINABLE.has(name) ? [...COMPARISONS, 'sw', 'co'] : [...COMPARISONS, 'sw']);
  },
};

const FILTER: FilterGrammar<User> = {
  isCaseSensitive: true,
  attribute: (name) => {
    if (name === 'lastUpdated') return { type: 'date', operators: ['eq', 'gt', 'ge', 'lt', 'le'], get: (user) => user.lastUpdated };
    if (!FILTERABLE.has(name)) return undefined;
    return name.startsWith('profile.') ? profileAttribute(name, ['eq']) : { ...(CORE[name] as FilterAttribute<User>), operators: ['eq'] };
  },
};

const LIMIT = { fallback: 200, max: 200 };
const LIST_CURSOR = prefixCursor('00u', '200');

/** The org's index of users for `search`. */
export function userIndex(org: Org): SearchIndex<User> {
  return org.value('userIndex', () => new SearchIndex<User>(org)).value;
}

/** GET /api/v1/users: plain (no DEPROVISIONED), `q`, `filter` or `search`. */
export function listUsers(call: Call): Reply {
  const { query } = call;
  const search = query.get('search');
  const filter = query.get('filter');
  if (search !== null && filter !== null) throw refuse('E0000033');
  const sortOrder = query.get('sortOrder');
  if (sortOrder !== null && !/^(asc|desc)(ending)?$/i.test(sortOrder)) throw invalid('sortOrder', ["sortOrder: must be 'asc' or 'desc'"]);
  const special = specialForm(call);
  const render = special?.render ?? plainRenderer(call.org);
  if (search !== null) return searchUsers(call, search, render);
  if (filter !== null && filter !== '') return scan(call, call.org.users.ids, compileFilter(filter, FILTER), render, PLAIN_CURSOR);
  const q = query.get('q');
  if (q !== null && q !== '') return lookUp(call, q, render);
  return plain(call, special);
}

/** The plain list: from bytes that are rendered already, unless the call wants items in a form of its own. */
function plain(call: Call, special: SpecialForm | undefined): Reply {
  const { org } = call;
  const { users } = org;
  if (special !== undefined && special.name === undefined) return scan(call, users.presentIds, undefined, special.render, LIST_CURSOR);
  const limit = limitOf(call, LIMIT);
  const after = cursorOf(call, LIST_CURSOR);
  const pages = users.presentPages(special?.render ?? ((user) => listItemText(org, user)), special?.name);
  const start = after === undefined ? 0 : firstAfter(pages.ids, after);
  const end = Math.min(start + limit, pages.ids.length);
  const next = end > start && goesOn(org, end, pages.ids.length) ? LIST_CURSOR.encode(pages.ids[end - 1] as string) : undefined;
  return { status: 200, body: pages.slice(start, end), headers: linkHeaders(call, limit, next) };
}

/** Renders the plain list's first users ahead, so that the first reader does not wait for it; how many blocks there are left. */
export function warmPlainList(org: Org, from: number, count: number): number {
  const pages = org.users.presentPages((user) => listItemText(org, user));
  const end = Math.min(from + count, pages.blockCount);
  for (let number = from; number < end; number++) pages.block(number);
  return pages.blockCount - end;
}

/** How the call wants users: whole (cached text), or what `fields` and `okta-response` leave of them. */
export function renderer(call: Call): (user: User) => string {
  return specialForm(call)?.render ?? plainRenderer(call.org);
}

function plainRenderer(org: Org): (user: User) => string {
  const render = (user: User): string => listItemText(org, user);
  return (user) => org.users.text(user, render);
}

/** Another form of list items than the whole; those of one name are alike. */
interface SpecialForm {
  readonly name: string | undefined;
  readonly render: (user: User) => string;
}

function specialForm(call: Call): SpecialForm | undefined {
  const { org, query } = call;
  const fields = query.get('fields') ?? '';
  const omits = omissionsOf(call);
  if (fields === '' && omits.size === 0) return undefined;
  const wanted = fields === '' ? undefined : parseFields(fields);
  if (fields !== '' && wanted === undefined) throw invalid('fields', ['fields: The field expression is malformed.']);
  if (wanted !== undefined && omits.size === 0) return { name: fields, render: projectedText(org, wanted) };
  return {
    name: undefined,
    render: (user) => {
      const item = without(listItem(org, user), omits);
      return JSON.stringify(wanted === undefined ? item : project(item, wanted));
    },
  };
}

/** `okta-response=omitCredentials,omitCredentialsLinks` in Content-Type or Accept. */
export function omissionsOf(call: Call): ReadonlySet<string> {
  const given = /okta-response="?([\w, ]+)"?/i.exec(`${call.header('content-type') ?? ''};${call.header('accept') ?? ''}`);
  return new Set(
    (given?.[1] ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  );
}

const CREDENTIAL_LINKS: ReadonlySet<string> = new Set([
  'resetPassword',
  'forgotPassword',
  'expirePassword',
  'changeRecoveryQuestion',
  'changePassword',
  'resetFactors',
]);

export function without(user: JsonObject, omits: ReadonlySet<string>): JsonObject {
  const { credentials, _links: links, ...rest } = user;
  const kept = omits.has('omitCredentialsLinks')
    ? Object.fromEntries(Object.entries((links ?? {}) as JsonObject).filter(([name]) => !CREDENTIAL_LINKS.has(name)))
    : links;
  return { ...rest, ...(omits.has('omitCredentials') ? {} : { credentials }), _links: kept };
}

/** Ids in order from the cursor on, as far as one page needs: a scan of all pages looks at each user once. */
function scan(
  call: Call,
  ids: readonly string[],
  test: Test<User> | undefined,
  render: (user: User) => string,
  cursor: typeof PLAIN_CURSOR,
): Reply {
  const limit = limitOf(call, LIMIT);
  const after = cursorOf(call, cursor);
  if (after !== undefined && !after.startsWith('00u')) throw cursor.refuse?.() ?? refuse('E0000029', ['Invalid cursor.']);
  const texts: string[] = [];
  let last: string | undefined;
  let hasMore = false;
  for (let i = after === undefined ? 0 : firstAfter(ids, after); i < ids.length; i++) {
    const user = call.org.users.get(ids[i] as string);
    if (user === undefined || (test !== undefined && !test(user))) continue;
    if (texts.length === limit) {
      hasMore = true;
      break;
    }
    texts.push(render(user));
    last = user.id;
  }
  return {
    status: 200,
    body: arrayBytes(texts),
    headers: linkHeaders(call, limit, last !== undefined && (hasMore || call.org.hasEmptyLastPages) ? cursor.encode(last) : undefined),
  };
}

/** Index of the first id greater than `id` in ascending ids. */
export function firstAfter(ids: readonly string[], id: string): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ids[middle] as string) <= id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `q`: starts of first name, last name or e-mail; ten at most unless said, one page only. */
function lookUp(call: Call, q: string, render: (user: User) => string): Reply {
  const limit = limitOf(call, { fallback: 10, max: 200 });
  const wanted = q.toLowerCase();
  const texts: string[] = [];
  for (const user of call.org.users.values()) {
    if (texts.length === limit) break;
    if (user.status === 'DEPROVISIONED') continue;
    if (['firstName', 'lastName', 'email'].some((name) => profileText(user.profile, name).toLowerCase().startsWith(wanted)))
      texts.push(render(user));
  }
  return { status: 200, body: arrayBytes(texts), headers: linkHeaders(call, limit, undefined) };
}

function searchUsers(call: Call, search: string, render: (user: User) => string): Reply {
  const { org, query } = call;
  if (search.trim() === '') throw refuse('E0000031', ['The search parameter is empty.']);
  const test = compileFilter(search, SEARCH);
  const stale = userIndex(org).stale();
  const sortBy = query.get('sortBy');
  if (stale.size === 0 && (sortBy === null || sortBy === '' || sortBy === 'id') && !isDescending(query)) {
    return scan(call, org.users.ids, test, render, { ...PLAIN_CURSOR, refuse: () => refuse('E0000031', ['Invalid cursor.']) });
  }
  const sorted = sortedResult(call, search, test, stale, sortBy === null || sortBy === '' ? 'id' : sortBy);
  const limit = limitOf(call, LIMIT);
  const after = cursorOf(call, { ...BASE64_CURSOR, refuse: () => refuse('E0000031', ['Invalid cursor.']) });
  let start = 0;
  if (after !== undefined) {
    const [position, id] = after.split('/');
    // Looked for only where the list has changed: a long one would be searched for every page.
    const isThere = sorted[Number(position) - 1]?.id === id;
    const found = isThere ? Number(position) - 1 : sorted.findIndex((user) => user.id === id);
    start = found >= 0 ? found + 1 : Number(position);
    if (id === undefined || !Number.isInteger(start)) throw refuse('E0000031', ['Invalid cursor.']);
  }
  const shown = sorted.slice(start, start + limit);
  const last = shown[shown.length - 1];
  const next =
    last !== undefined && goesOn(org, start + limit, sorted.length) ? BASE64_CURSOR.encode(`${start + limit}/${last.id}`) : undefined;
  return { status: 200, body: arrayBytes(shown.map(render)), headers: linkHeaders(call, limit, next) };
}

function isDescending(query: URLSearchParams): boolean {
  return /^desc/i.test(query.get('sortOrder') ?? '');
}

/** The whole result in order, kept while nothing changes, so that its pages do not each sort anew. */
function sortedResult(
  call: Call,
  search: string,
  test: Test<User>,
  stale: ReadonlyMap<string, User | undefined>,
  sortBy: string,
): readonly User[] {
  const { org, query } = call;
  const key = `${org.users.version} ${sortBy} ${isDescending(query)} ${search}`;
  const kept = org.value<{ key: string; users: readonly User[] } | undefined>('sortedSearch', () => undefined);
  if (stale.size === 0 && kept.value?.key === key) return kept.value.users;
  const users: User[] = [];
  for (const id of org.users.ids) {
    const user = stale.has(id) ? stale.get(id) : org.users.get(id);
    if (user !== undefined && test(user)) users.push(user);
  }
  for (const [id, user] of stale) if (user !== undefined && org.users.get(id) === undefined && test(user)) users.push(user);
  const attribute = SEARCH.attribute(sortBy);
  if (attribute === undefined) throw invalid('sortBy', [`sortBy: '${sortBy}' is not a property to sort by`]);
  const rows = users.map((user) => ({ user, value: sortValue(attribute.get(user)) }));
  const sign = isDescending(query) ? -1 : 1;
  rows.sort((a, b) => {
    if (a.value === undefined || b.value === undefined) {
      if (a.value !== b.value) return a.value === undefined ? 1 : -1;
    } else if (a.value !== b.value) return (a.value < b.value ? -1 : 1) * sign;
    return a.user.id < b.user.id ? -1 : 1;
  });
  const sorted = rows.map((row) => row.user);
  if (stale.size === 0) kept.value = { key, users: sorted };
  return sorted;
}

function sortValue(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value).padStart(20, '0');
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value.toLowerCase() : undefined;
}

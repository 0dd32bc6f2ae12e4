import { compileFilter, type FilterAttribute, type FilterGrammar } from '../../filter/compile.ts';
import { type Group, profileText } from '../../model.ts';
import type { Org } from '../../org.ts';
import { limitOf, PLAIN_CURSOR, page } from '../../paging.ts';
import { invalid, refuse } from '../../refusal.ts';
import { arrayOf, text } from '../../reply.ts';
import { SearchIndex } from '../../search-index.ts';
import type { Call, Reply } from '../../types.ts';
import { groupJson, groupText } from './render.ts';

const COMPARISONS = ['eq', 'gt', 'ge', 'lt', 'le', 'pr'] as const;

const CORE: Readonly<Record<string, FilterAttribute<Group>>> = {
  id: { type: 'text', operators: [...COMPARISONS, 'sw'], get: (group) => group.id },
  type: { type: 'text', operators: [...COMPARISONS, 'sw'], get: (group) => group.type },
  created: { type: 'date', operators: COMPARISONS, get: (group) => group.created },
  lastUpdated: { type: 'date', operators: COMPARISONS, get: (group) => group.lastUpdated },
  lastMembershipUpdated: { type: 'date', operators: COMPARISONS, get: (group) => group.lastMembershipUpdated },
  'source.id': { type: 'text', operators: [...COMPARISONS, 'sw'], get: (group) => group.sourceId },
};

const SEARCH: FilterGrammar<Group> = {
  isCaseSensitive: false,
  attribute: (name) => {
    if (!name.startsWith('profile.')) return CORE[name];
    const property = name.slice('profile.'.length);
    const contains = property === 'name' || property === 'description' ? (['co'] as const) : [];
    return { type: 'text', operators: [...COMPARISONS, 'sw', ...contains], get: (group) => group.profile[property] };
  },
};

const FILTERABLE: ReadonlySet<string> = new Set(['id', 'type', 'lastUpdated', 'lastMembershipUpdated']);
const FILTER: FilterGrammar<Group> = {
  isCaseSensitive: true,
  attribute: (name) =>
    FILTERABLE.has(name) ? { ...(CORE[name] as FilterAttribute<Group>), operators: ['eq', 'gt', 'ge', 'lt', 'le'] } : undefined,
};

const LIMIT = { fallback: 10_000, max: 10_000 };

/** The org's index of groups for `search`, `filter` and `q`. */
export function groupIndex(org: Org): SearchIndex<Group> {
  return org.value('groupIndex', () => new SearchIndex<Group>(org)).value;
}

/** GET /api/v1/groups */
export function listGroups(call: Call): Reply {
  const { org, query } = call;
  const search = query.get('search');
  const filter = query.get('filter');
  const q = query.get('q');
  if (search !== null && filter !== null) throw refuse('E0000033');
  const expand = new Set((query.get('expand') ?? '').split(',').filter((name) => name !== ''));
  const render =
    expand.size === 0 ? (group: Group) => groupText(org, group) : (group: Group) => JSON.stringify(groupJson(org, group, expand));
  if (q !== null && q !== '') {
    const wanted = q.toLowerCase();
    const limit = limitOf(call, { fallback: 300, max: 300 });
    const found = indexed(org).filter((group) => profileText(group.profile, 'name').toLowerCase().startsWith(wanted));
    return text(200, arrayOf(found.slice(0, limit).map(render)));
  }
  const expression = search ?? filter;
  const test = expression === null || expression === '' ? undefined : compileFilter(expression, search === null ? FILTER : SEARCH);
  const groups = test === undefined ? org.groups.list() : indexed(org).filter(test);
  const sortBy = query.get('sortBy');
  const isSorted = search !== null && sortBy !== null && sortBy !== '';
  if (isSorted) sort(groups, sortBy, query.get('sortOrder'));
  return page(call, groups, { limit: LIMIT, key: (group) => group.id, render, cursor: PLAIN_CURSOR });
}

function indexed(org: Org): Group[] {
  const stale = groupIndex(org).stale();
  const groups: Group[] = [];
  for (const id of org.groups.ids) {
    const group = stale.has(id) ? stale.get(id) : org.groups.get(id);
    if (group !== undefined) groups.push(group);
  }
  return groups;
}

function sort(groups: Group[], sortBy: string, sortOrder: string | null): void {
  const attribute = SEARCH.attribute(sortBy);
  if (attribute === undefined) throw invalid('sortBy', [`sortBy: '${sortBy}' is not a property to sort by`]);
  const sign = /^desc/i.test(sortOrder ?? '') ? -1 : 1;
  const key = (group: Group): string => {
    const value = attribute.get(group);
    return typeof value === 'number' ? String(value).padStart(20, '0') : typeof value === 'string' ? value.toLowerCase() : '';
  };
  groups.sort((a, b) => {
    const left = key(a);
    const right = key(b);
    if (left !== right) return (left < right ? -1 : 1) * sign;
    return a.id < b.id ? -1 : 1;
  });
}

import { compileFilter, type FilterAttribute, type FilterGrammar, valueAt } from '../../filter/compile.ts';
import { parseFilter } from '../../filter/parse.ts';
import type { Org } from '../../org.ts';
import { type PageRules, page, plainCursor } from '../../paging.ts';
import { invalid, notFound, refuse } from '../../refusal.ts';
import type { Call, JsonObject, Reply } from '../../types.ts';
import { appUserOf } from './assignments.ts';
import { appJson, appText, appUserJson } from './render.ts';
import { APPS, type App, appGroups, appUsers } from './store.ts';

const LIMIT = { fallback: 20, max: 200 };
const CURSOR = plainCursor('0oa');

/** The app that the path names. */
export function appOf(call: Call): App {
  const id = call.params.appId ?? '';
  const app = call.org.collection(APPS).get(id);
  if (app === undefined) throw notFound(id, 'AppInstance');
  return app;
}

/** GET /api/v1/apps */
export function listApps(call: Call): Reply {
  const { org } = call;
  const filter = call.query.get('filter');
  const expanded = expandedUserOf(call);
  // The assignment of a user comes with the apps of that user alone.
  const expandedUser = expanded !== undefined && filteredUserOf(filter) === expanded ? expanded : undefined;
  let apps = org.collection(APPS).list();
  if (filter !== null && filter.trim() !== '') apps = apps.filter(compileAppFilter(org, filter));
  const q = call.query.get('q')?.toLowerCase() ?? '';
  if (q !== '') apps = apps.filter((app) => app.name.toLowerCase().startsWith(q) || app.label.toLowerCase().startsWith(q));
  return pageOfApps(call, apps, { drops: ['useOptimization'], render: (app) => textOf(org, app, expandedUser) });
}

/** A page of apps, as it also stands under groups. */
export function pageOfApps(call: Call, apps: readonly App[], rules: Partial<PageRules<App>> = {}): Reply {
  return page(call, apps, { limit: LIMIT, cursor: CURSOR, key: (app) => app.id, render: (app) => appText(call.org, app), ...rules });
}

/** GET /api/v1/apps/{appId} */
export function appBody(call: Call): JsonObject {
  const app = appOf(call);
  return appJson(call.org, app, embeddedOf(call.org, app, expandedUserOf(call)));
}

function textOf(org: Org, app: App, expandedUser: string | undefined): string {
  return expandedUser === undefined ? appText(org, app) : JSON.stringify(appJson(org, app, embeddedOf(org, app, expandedUser)));
}

function embeddedOf(org: Org, app: App, userId: string | undefined): { embedded?: JsonObject } {
  const assignment = userId === undefined ? undefined : appUserOf(org, app.id, userId);
  return assignment === undefined ? {} : { embedded: { user: appUserJson(org, assignment, null) } };
}

function expandedUserOf(call: Call): string | undefined {
  const expand = call.query.get('expand');
  if (expand === null || expand === '') return undefined;
  const match = /^user\/([^/,]+)$/.exec(expand);
  if (match === null) throw invalid('RequestParams', ['Expand query is malformed.']);
  return match[1];
}

/** The user whose apps a filter asks for. */
function filteredUserOf(filter: string | null): string | undefined {
  const expression = filter === null || filter.trim() === '' ? undefined : parseFilter(filter);
  return expression?.kind === 'compare' && expression.attribute === 'user.id' ? String(expression.value) : undefined;
}

/** One `eq` over one attribute is all that apps can be filtered by. */
function compileAppFilter(org: Org, text: string): (app: App) => boolean {
  const eq = (get: (app: App) => unknown, type: 'text' | 'boolean' = 'text'): FilterAttribute<App> => ({ type, operators: ['eq'], get });
  const attributes: Readonly<Record<string, FilterAttribute<App>>> = {
    id: eq((app) => app.id),
    status: eq((app) => app.status),
    name: eq((app) => app.name),
    'credentials.signing.kid': eq((app) => valueAt(app.credentials, ['signing', 'kid'])),
    'settings.slo.enabled': eq((app) => valueAt(app.settings, ['signOn', 'slo', 'enabled']), 'boolean'),
    'user.id': eq((app) => appUsers(org).rightsOf(app.id)),
    'group.id': eq((app) => appGroups(org).rightsOf(app.id)),
  };
  const grammar: FilterGrammar<App> = { attribute: (name) => attributes[name], isCaseSensitive: true };
  const test = compileFilter(text, grammar);
  const expression = parseFilter(text);
  if (expression.kind !== 'compare') throw refuse('E0000031', ['Only a single expression is supported.']);
  // A membership test by id reads the pairs, in place of every app's list of users.
  if (expression.attribute === 'user.id') return (app) => appUsers(org).has(app.id, String(expression.value));
  if (expression.attribute === 'group.id') return (app) => appGroups(org).has(app.id, String(expression.value));
  return test;
}

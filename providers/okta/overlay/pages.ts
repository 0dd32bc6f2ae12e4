import type { PageSizeFact } from '../../../src/catalog/overlay.ts';

/** Lists that take `limit`: what is asked for (the size Okta recommends, else the most it allows), the most, and its own default. */
const PAGES: Readonly<Record<string, Omit<PageSizeFact, 'parameter'>>> = {
  '/users': { size: 200, max: 200, default: 200 },
  '/users/{userId}/groups': { size: 200, max: 200, default: 200 },
  '/users/{userId}/grants': { size: 200, max: 200, default: 20 },
  '/users/{userId}/clients/{clientId}/grants': { size: 200, max: 200, default: 20 },
  '/users/{userId}/clients/{clientId}/tokens': { size: 200, max: 200, default: 20 },
  '/groups': { size: 200, max: 10_000, default: 10_000 },
  '/groups/rules': { size: 200, max: 200, default: 50 },
  '/groups/{groupId}/users': { size: 200, max: 1000, default: 1000 },
  '/groups/{groupId}/apps': { size: 200, max: 200, default: 20 },
  '/groups/{groupId}/owners': { size: 1000, max: 1000, default: 1000 },
  '/apps': { size: 200, max: 200, default: 20 },
  '/apps/{appId}/users': { size: 500, max: 500, default: 50 },
  '/apps/{appId}/groups': { size: 200, max: 200, min: 20, default: 20 },
  '/apps/{appId}/tokens': { size: 200, max: 200, default: 20 },
  '/logs': { size: 1000, max: 1000, default: 100 },
  '/idps': { size: 200, max: 200, default: 20 },
  '/idps/credentials/keys': { size: 200, max: 200, default: 20 },
  '/authorizationServers': { size: 200, max: 200, default: 200 },
  '/authorizationServers/{authServerId}/scopes': { size: 200, max: 200 },
  '/trustedOrigins': { size: 200, max: 200, default: 20 },
  '/mappings': { size: 200, max: 200, default: 20 },
  '/iam/assignees/users': { size: 100, max: 100, default: 100 },
};

/** The page size of a list, where one is known and the operation takes `limit`. */
export function pageSizeOf(http: string, path: string, query: readonly string[]): PageSizeFact | undefined {
  const page = PAGES[path.replace(/^\/api\/v1/, '')];
  return http !== 'GET' || page === undefined || !query.includes('limit') ? undefined : { parameter: 'limit', ...page };
}

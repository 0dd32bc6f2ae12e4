/** First segments of a path below `/api/v1` -> the resource word of Okta's OAuth scopes (`okta.<word>.read`, `okta.<word>.manage`). */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^\/groups\/[^/]+\/roles/, 'roles'],
  [/^\/users\/[^/]+\/roles/, 'roles'],
  [/^\/iam\/assignees/, 'roles'],
  [/^\/apps\/[^/]+\/grants/, 'appGrants'],
  [/^\/users\/[^/]+\/linkedObjects/, 'users'],
  [/^\/users\/[^/]+\/sessions/, 'sessions'],
  [/^\/meta\/schemas\/user\/linkedObjects/, 'linkedObjects'],
  [/^\/meta\/schemas/, 'schemas'],
  [/^\/meta\/types/, 'userTypes'],
  [/^\/templates/, 'templates'],
  [/^\/threats/, 'threatInsights'],
  [/^\/zones/, 'networkZones'],
  [/^\/mappings/, 'profileMappings'],
  [/^\/org/, 'orgs'],
  [/^\/api-tokens/, 'apiTokens'],
  [/^\/authenticators/, 'authenticators'],
  [/^\/authorizationServers/, 'authorizationServers'],
  [/^\/domains/, 'domains'],
  [/^\/eventHooks/, 'eventHooks'],
  [/^\/features/, 'features'],
  [/^\/idps/, 'idps'],
  [/^\/inlineHooks/, 'inlineHooks'],
  [/^\/logs/, 'logs'],
  [/^\/policies/, 'policies'],
  [/^\/sessions/, 'sessions'],
  [/^\/trustedOrigins/, 'trustedOrigins'],
  [/^\/groups/, 'groups'],
  [/^\/apps/, 'apps'],
  [/^\/users/, 'users'],
];

/** The OAuth scopes that an operation needs. */
export function oktaScopes(verb: string, path: string): readonly string[] {
  const word = WORDS.find(([pattern]) => pattern.test(path.replace(/^\/api\/v1/, '')))?.[1];
  return word === undefined ? [] : [`okta.${word}.${verb === 'GET' || verb === 'HEAD' ? 'read' : 'manage'}`];
}

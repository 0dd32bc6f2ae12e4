const READS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Path areas whose scope has another name. */
const NAMES: Readonly<Record<string, string>> = {
  'api-tokens': 'apiTokens',
  iam: 'roles',
  meta: 'schemas',
  mappings: 'profileMappings',
  zones: 'networkZones',
  org: 'orgs',
  threats: 'threatInsights',
  authn: '',
};

/** The OAuth scope that an operation asks for: `okta.<area>.read` or `.manage`. */
export function scopeOf(method: string, path: string): string | undefined {
  const segments = path.split('/');
  const area = segments[3];
  if (segments[1] !== 'api' || area === undefined) return undefined;
  const name = subArea(area, segments) ?? NAMES[area] ?? area;
  return name === '' ? undefined : `okta.${name}.${READS.has(method) ? 'read' : 'manage'}`;
}

function subArea(area: string, segments: readonly string[]): string | undefined {
  if (area === 'meta' && segments[4] === 'types') return 'userTypes';
  if (area === 'meta' && segments[4] === 'schemas' && segments[6] === 'linkedObjects') return 'linkedObjects';
  if (area === 'apps' && segments[5] === 'grants') return 'appGrants';
  if ((area === 'users' || area === 'groups') && segments[5] === 'roles') return 'roles';
  if (area === 'users' && segments[5] === 'sessions') return 'sessions';
  return undefined;
}

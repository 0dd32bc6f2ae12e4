import { apiTokens } from './families/api-tokens.ts';
import { apps } from './families/apps.ts';
import { authenticators } from './families/authenticators.ts';
import { authn } from './families/authn.ts';
import { authorizationServers } from './families/authorization-servers.ts';
import { brands } from './families/brands.ts';
import { domains } from './families/domains.ts';
import { eventHooks } from './families/event-hooks.ts';
import { factors } from './families/factors.ts';
import { features } from './families/features.ts';
import { groupRules } from './families/group-rules.ts';
import { groups } from './families/groups.ts';
import { identityProviders } from './families/identity-providers.ts';
import { inlineHooks } from './families/inline-hooks.ts';
import { linkedObjects } from './families/linked-objects.ts';
import { logs } from './families/logs.ts';
import { mappings } from './families/mappings.ts';
import { oauth } from './families/oauth.ts';
import { orgSettings } from './families/org-settings.ts';
import { organization } from './families/organization.ts';
import { policies } from './families/policies.ts';
import { roles } from './families/roles.ts';
import { schemas } from './families/schemas.ts';
import { sessions } from './families/sessions.ts';
import { smsTemplates } from './families/sms-templates.ts';
import { subscriptions } from './families/subscriptions.ts';
import { threatInsight } from './families/threat-insight.ts';
import { trustedOrigins } from './families/trusted-origins.ts';
import { userTypes } from './families/user-types.ts';
import { users } from './families/users.ts';
import { zones } from './families/zones.ts';
import type { Family } from './types.ts';

/** All families of endpoints, in the order in which they lay what an org has from the start. */
export const FAMILIES: readonly Family[] = [
  organization,
  policies,
  users,
  groups,
  groupRules,
  apps,
  sessions,
  authn,
  factors,
  roles,
  apiTokens,
  logs,
  authenticators,
  authorizationServers,
  brands,
  domains,
  eventHooks,
  features,
  identityProviders,
  inlineHooks,
  linkedObjects,
  mappings,
  oauth,
  orgSettings,
  schemas,
  smsTemplates,
  subscriptions,
  threatInsight,
  trustedOrigins,
  userTypes,
  zones,
];

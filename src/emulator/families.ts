import { apiTokens } from './families/api-tokens.ts';
import { apps } from './families/apps.ts';
import { authn } from './families/authn.ts';
import { factors } from './families/factors.ts';
import { groupRules } from './families/group-rules.ts';
import { groups } from './families/groups.ts';
import { logs } from './families/logs.ts';
import { organization } from './families/organization.ts';
import { policies } from './families/policies.ts';
import { roles } from './families/roles.ts';
import { sessions } from './families/sessions.ts';
import { users } from './families/users.ts';
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
];

import { accessBy, defaultActions, defaultConditions, defaultRuleConditions, defaultSettings } from '../families/policies/defaults.ts';
import { makePolicy, makeRule } from '../families/policies/store.ts';
import type { Group } from '../model.ts';
import type { Org } from '../org.ts';
import type { JsonObject } from '../types.ts';
import { seedTime } from './seed-time.ts';

const DAY_MS = 86_400_000;

/** Policies of the demo org beside those that every org has. */
export function layDemoPolicies(org: Org, groups: ReadonlyMap<string, Group>): void {
  const created = seedTime(org) - 200 * DAY_MS;
  const contractors: JsonObject = { people: { groups: { include: [groups.get('Contractors')?.id ?? org.everyoneId] } } };

  const strong = makePolicy(org, {
    type: 'PASSWORD',
    name: 'Administrators',
    description: 'Long passwords for those who can do harm',
    created,
    conditions: defaultConditions(org, 'PASSWORD', contractors),
    settings: passwordSettings(16, 60, 3),
  });
  makeRule(org, strong, {
    name: 'Office',
    created,
    conditions: defaultRuleConditions('PASSWORD', undefined),
    actions: defaultActions('PASSWORD', undefined),
  });
  makePolicy(org, {
    type: 'PASSWORD',
    name: 'Contractors',
    created,
    status: 'INACTIVE',
    conditions: defaultConditions(org, 'PASSWORD', contractors),
    settings: passwordSettings(8, 0, 0),
  });

  const signOn = makePolicy(org, {
    type: 'OKTA_SIGN_ON',
    name: 'Contractors',
    created,
    conditions: defaultConditions(org, 'OKTA_SIGN_ON', contractors),
  });
  makeRule(org, signOn, {
    name: 'Ask for a factor',
    created,
    conditions: defaultRuleConditions('OKTA_SIGN_ON', undefined),
    actions: defaultActions('OKTA_SIGN_ON', { signon: { requireFactor: true, factorPromptMode: 'ALWAYS' } }),
  });

  for (const [name, mode, status] of [
    ['Password only', '1FA', 'ACTIVE'],
    ['Phishing resistant', '2FA', 'ACTIVE'],
    ['Retired', '1FA', 'INACTIVE'],
  ] as const) {
    const policy = makePolicy(org, { type: 'ACCESS_POLICY', name, created, status });
    makeRule(org, policy, { name: 'Catch-all Rule', system: true, created, actions: { appSignOn: accessBy(mode) } });
    if (name === 'Password only')
      makeRule(org, policy, { name: 'Outside the office', created, status: 'INACTIVE', actions: { appSignOn: { access: 'DENY' } } });
  }
}

/** A password policy's settings: shortest length, days until expiry, attempts until lock-out (0 means never). */
export function passwordSettings(minLength: number, maxAgeDays: number, maxAttempts: number | undefined): JsonObject {
  const settings = defaultSettings('PASSWORD') as {
    readonly password: { readonly complexity: JsonObject; readonly age: JsonObject; readonly lockout: JsonObject };
  } & JsonObject;
  const { maxAttempts: _, ...unlimited } = settings.password.lockout;
  return {
    ...settings,
    password: {
      complexity: { ...settings.password.complexity, minLength },
      age: { ...settings.password.age, maxAgeDays, expireWarnDays: maxAgeDays === 0 ? 0 : 7 },
      lockout: maxAttempts === undefined ? unlimited : { ...settings.password.lockout, maxAttempts },
    },
  };
}

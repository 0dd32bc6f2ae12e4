import { accessBy, defaultActions, defaultConditions, defaultRuleConditions } from '../../families/policies/defaults.ts';
import { makePolicy, makeRule, type NewPolicy, type Policy, type PolicyType, policiesOf } from '../../families/policies/store.ts';
import type { Org } from '../../org.ts';
import type { Json, JsonObject } from '../../types.ts';
import { passwordSettings } from '../demo-policies.ts';
import type { Times } from './times.ts';

/** What a policy is to have, and the rules it is to have in all. */
interface Wanted {
  readonly parts: Omit<NewPolicy, 'type' | 'created'>;
  readonly rules: readonly RuleWanted[];
}

interface RuleWanted {
  readonly name: string;
  readonly status?: 'ACTIVE' | 'INACTIVE';
  readonly system?: boolean;
  readonly actions?: JsonObject;
}

const access = (factorMode: string): JsonObject => ({ appSignOn: accessBy(factorMode) });
const DENY: JsonObject = { appSignOn: { access: 'DENY' } };
/** A method that this product has never heard of, and one that names no factor mode. */
const UNKNOWN: JsonObject = { appSignOn: { access: 'ALLOW', verificationMethod: { type: 'FUTURE_METHOD', factorMode: '3FA' } } };
const CHAIN: JsonObject = {
  appSignOn: {
    access: 'ALLOW',
    verificationMethod: { type: 'AUTH_METHOD_CHAIN', chains: [{ authenticationMethods: [{ key: 'okta_password', method: 'password' }] }] },
  },
};

/** Beside the default policy and its catch-all: 5 more ACCESS_POLICYs, with 23 rules. */
const ACCESS: readonly Wanted[] = [
  {
    parts: { name: 'Password only', description: 'One factor' },
    rules: [
      { name: 'Office', actions: access('1FA') },
      { name: 'Home', actions: access('1FA') },
      { name: 'Elsewhere', actions: DENY },
      { name: 'Old', status: 'INACTIVE', actions: access('1FA') },
      { name: 'Catch-all Rule', system: true, actions: access('2FA') },
    ],
  },
  {
    parts: { name: 'Engineers\' "tools"' },
    rules: [
      { name: 'Managed', actions: access('2FA') },
      { name: 'Unmanaged', actions: access('1FA') },
      { name: 'Chain', actions: CHAIN },
      { name: 'Future', actions: UNKNOWN },
      { name: 'Catch-all Rule', system: true, actions: DENY },
    ],
  },
  {
    parts: { name: 'Phishing resistant' },
    rules: [
      { name: 'Admins', actions: access('2FA') },
      { name: 'Break glass', status: 'INACTIVE', actions: access('1FA') },
      { name: 'Others', actions: access('2FA') },
      { name: 'Catch-all Rule', system: true, actions: DENY },
    ],
  },
  {
    parts: { name: 'Nobody uses this' },
    rules: [
      { name: 'Anything', actions: access('1FA') },
      { name: 'Kiosk', actions: access('1FA') },
      { name: 'Shared', actions: access('2FA') },
      { name: 'Catch-all Rule', system: true, actions: access('1FA') },
    ],
  },
  {
    parts: { name: 'Retired', status: 'INACTIVE' },
    rules: [
      { name: 'Legacy', actions: access('1FA') },
      { name: 'Partners', actions: access('1FA') },
      { name: 'Vendors', actions: DENY },
      { name: 'Test', actions: access('2FA') },
      { name: 'Catch-all Rule', system: true, actions: access('1FA') },
    ],
  },
];

const plain = (prefix: string, count: number): RuleWanted[] =>
  Array.from({ length: count }, (_, i) => ({ name: `${prefix} ${i + 1}`, ...(i % 4 === 3 ? { status: 'INACTIVE' as const } : {}) }));

/** Lays the policies, and gives those that apps are to be guarded by. */
export function makePolicies(org: Org, times: Times): Policy[] {
  const lay = (type: PolicyType, wanted: readonly Wanted[]): void => {
    for (const { parts, rules } of wanted) {
      const created = times.between(100, 900);
      const policy = makePolicy(org, { ...parts, type, created, conditions: defaultConditions(org, type, parts.conditions ?? undefined) });
      addRules(org, times, policy, rules);
    }
  };
  lay('ACCESS_POLICY', ACCESS);
  lay('PASSWORD', [
    { parts: { name: 'Strong', settings: passwordSettings(16, 60, 3) }, rules: plain('Strong', 3) },
    { parts: { name: 'No lockout', settings: passwordSettings(15, 30, undefined) }, rules: plain('Open', 3) },
    { parts: { name: 'Retired', status: 'INACTIVE', settings: passwordSettings(6, 0, 0) }, rules: plain('Retired', 1) },
  ]);
  lay('OKTA_SIGN_ON', [
    { parts: { name: 'Contractors' }, rules: plain('Contractors', 4) },
    { parts: { name: 'Executives', status: 'INACTIVE' }, rules: plain('Executives', 4) },
  ]);
  lay('MFA_ENROLL', [
    { parts: { name: 'Engineers' }, rules: plain('Enroll', 3) },
    { parts: { name: 'Contractors' }, rules: plain('Later', 3) },
  ]);
  lay('PROFILE_ENROLLMENT', [
    {
      parts: { name: 'Partner portal' },
      rules: [
        {
          name: 'Catch-all Rule',
          system: true,
          actions: {
            profileEnrollment: {
              access: 'ALLOW',
              unknownUserAction: 'REGISTER',
              profileAttributes: [{ name: 'email', label: 'Email', required: true }],
            },
          },
        },
      ],
    },
  ]);
  const discovery = policiesOf(org, 'IDP_DISCOVERY')[0];
  if (discovery !== undefined) addRules(org, times, discovery, plain('Route', 5));
  lay('ENTITY_RISK', [
    {
      parts: { name: 'Entity Risk Policy', system: true },
      rules: [
        { name: 'High', actions: { entityRisk: { actions: [{ action: 'TERMINATE_ALL_SESSIONS' }] } } },
        { name: 'Medium', actions: { entityRisk: { actions: [{ action: 'RUN_WORKFLOW', workflow: { id: 1 } }] } } },
        { name: 'Low', status: 'INACTIVE', actions: { entityRisk: { actions: [] } } },
        { name: 'Catch-all Rule', system: true, actions: { entityRisk: { actions: [] } } },
      ],
    },
  ]);
  return policiesOf(org, 'ACCESS_POLICY').filter((policy) => policy.status === 'ACTIVE' && policy.name !== 'Nobody uses this');
}

function addRules(org: Org, times: Times, policy: Policy, wanted: readonly RuleWanted[]): void {
  for (const rule of wanted) {
    const actions: Json =
      rule.actions ??
      (policy.type === 'IDP_DISCOVERY' ? { idp: { providers: [{ type: 'OKTA', id: null }], idpSelectionType: 'SPECIFIC' } } : {});
    makeRule(org, policy, {
      name: rule.name,
      ...(rule.status === undefined ? {} : { status: rule.status }),
      ...(rule.system === undefined ? {} : { system: rule.system }),
      conditions: defaultRuleConditions(policy.type, undefined),
      actions:
        policy.type === 'ACCESS_POLICY' || policy.type === 'ENTITY_RISK' || policy.type === 'PROFILE_ENROLLMENT'
          ? actions
          : defaultActions(policy.type, actions),
      created: times.clear(policy.created + 3_600_000),
    });
  }
}

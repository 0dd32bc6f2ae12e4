import { defineCollection } from '../../collection.ts';
import type { Org } from '../../org.ts';
import { wholeSecond } from '../../time.ts';
import type { JsonObject } from '../../types.ts';

/** The policy types that `/policies` lists, with what distinguishes them. */
export const POLICY_TYPES = {
  OKTA_SIGN_ON: { prefix: '00p', rulePrefix: '0pr', ruleType: 'SIGN_ON', canCreate: true },
  PASSWORD: { prefix: '00p', rulePrefix: '0pr', ruleType: 'PASSWORD', canCreate: true },
  MFA_ENROLL: { prefix: '00p', rulePrefix: '0pr', ruleType: 'MFA_ENROLL', canCreate: true },
  IDP_DISCOVERY: { prefix: '00p', rulePrefix: '0pr', ruleType: 'IDP_DISCOVERY', canCreate: false },
  ACCESS_POLICY: { prefix: 'rst', rulePrefix: 'rul', ruleType: 'ACCESS_POLICY', canCreate: true },
  PROFILE_ENROLLMENT: { prefix: 'rst', rulePrefix: 'rul', ruleType: 'PROFILE_ENROLLMENT', canCreate: true },
  ENTITY_RISK: { prefix: 'rst', rulePrefix: 'rul', ruleType: 'ENTITY_RISK', canCreate: false },
  POST_AUTH_SESSION: { prefix: 'rst', rulePrefix: 'rul', ruleType: 'POST_AUTH_SESSION', canCreate: false },
  DEVICE_SIGNAL_COLLECTION: { prefix: 'rst', rulePrefix: 'rul', ruleType: 'DEVICE_SIGNAL_COLLECTION', canCreate: true },
  SESSION_VIOLATION_DETECTION: { prefix: 'rst', rulePrefix: 'rul', ruleType: 'SESSION_VIOLATION_DETECTION', canCreate: false },
  CLIENT_UPDATE: { prefix: 'rst', rulePrefix: 'rul', ruleType: 'CLIENT_UPDATE', canCreate: true },
  IDENTITY_CLAIM_SOURCING: { prefix: 'rst', rulePrefix: 'rul', ruleType: 'IDENTITY_CLAIM_SOURCING', canCreate: true },
} as const;

export type PolicyType = keyof typeof POLICY_TYPES;

export interface Policy {
  readonly id: string;
  readonly type: PolicyType;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly name: string;
  readonly description: string | null;
  readonly priority: number;
  readonly system: boolean;
  readonly conditions: JsonObject | null;
  readonly settings?: JsonObject;
  readonly created: number;
  readonly lastUpdated: number;
}

export interface PolicyRule {
  readonly id: string;
  readonly policyId: string;
  readonly type: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly name: string;
  readonly priority: number;
  readonly system: boolean;
  readonly conditions: JsonObject | null;
  readonly actions: JsonObject;
  readonly created: number;
  readonly lastUpdated: number;
}

export const POLICIES = defineCollection<Policy>('policies');
export const POLICY_RULES = defineCollection<PolicyRule>('policyRules', (rule) => rule.policyId);

export function isPolicyType(value: unknown): value is PolicyType {
  return typeof value === 'string' && Object.hasOwn(POLICY_TYPES, value);
}

/** Policies of a type in order of evaluation: own ones by priority, then the system's. */
export function policiesOf(org: Org, type: PolicyType): Policy[] {
  return org
    .collection(POLICIES)
    .filter((policy) => policy.type === type)
    .sort((a, b) => Number(a.system) - Number(b.system) || a.priority - b.priority || (a.id < b.id ? -1 : 1));
}

/** Rules of a policy in order of evaluation; the system's catch-all is last. */
export function rulesOf(org: Org, policyId: string): PolicyRule[] {
  return [...org.collection(POLICY_RULES).by(policyId)].sort(
    (a, b) => Number(a.system) - Number(b.system) || a.priority - b.priority || (a.id < b.id ? -1 : 1),
  );
}

/** Id of the access policy that new apps get, `null` before there is one. */
export function defaultAccessPolicyId(org: Org): string | null {
  return org.collection(POLICIES).find((policy) => policy.type === 'ACCESS_POLICY' && policy.system)?.id ?? null;
}

export interface NewPolicy {
  readonly type: PolicyType;
  readonly name: string;
  readonly description?: string | null;
  readonly status?: Policy['status'];
  readonly priority?: number;
  readonly system?: boolean;
  readonly conditions?: JsonObject | null;
  readonly settings?: JsonObject;
  readonly created?: number;
}

/** Puts a policy into the org. Logs nothing. */
export function makePolicy(org: Org, parts: NewPolicy): Policy {
  const created = wholeSecond(parts.created ?? org.clock.now());
  const own = policiesOf(org, parts.type).filter((policy) => !policy.system).length;
  return org.collection(POLICIES).put({
    id: org.ids.next(POLICY_TYPES[parts.type].prefix),
    type: parts.type,
    status: parts.status ?? 'ACTIVE',
    name: parts.name,
    description: parts.description ?? null,
    priority: parts.priority ?? (isRanked(parts.type) ? own + 1 : 1),
    system: parts.system ?? false,
    conditions: parts.conditions ?? null,
    ...(parts.settings === undefined ? {} : { settings: parts.settings }),
    created,
    lastUpdated: created,
  });
}

/** Whether policies of a type are tried one after another; of the other types each app or org has one. */
export function isRanked(type: PolicyType): boolean {
  return POLICY_TYPES[type].prefix === '00p';
}

export interface NewRule {
  readonly name: string;
  readonly status?: PolicyRule['status'];
  readonly priority?: number;
  readonly system?: boolean;
  readonly conditions?: JsonObject | null;
  readonly actions: JsonObject;
  readonly created?: number;
}

/** Puts a rule into a policy. Logs nothing. */
export function makeRule(org: Org, policy: Policy, parts: NewRule): PolicyRule {
  const created = wholeSecond(parts.created ?? org.clock.now());
  const own = rulesOf(org, policy.id).filter((rule) => !rule.system).length;
  return org.collection(POLICY_RULES).put({
    id: org.ids.next(POLICY_TYPES[policy.type].rulePrefix),
    policyId: policy.id,
    type: POLICY_TYPES[policy.type].ruleType,
    status: parts.status ?? 'ACTIVE',
    name: parts.name,
    priority: parts.priority ?? (parts.system === true ? 99 : own + 1),
    system: parts.system ?? false,
    conditions: parts.conditions ?? null,
    actions: parts.actions,
    created,
    lastUpdated: created,
  });
}

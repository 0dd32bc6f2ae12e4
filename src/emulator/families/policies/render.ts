import type { Org } from '../../org.ts';
import { isoTime } from '../../time.ts';
import type { Json, JsonObject } from '../../types.ts';
import { isRanked, type Policy, type PolicyRule, rulesOf } from './store.ts';

const allow = (...methods: readonly string[]): JsonObject => ({ allow: methods });

/** A policy; `expand=rules` embeds its rules. */
export function policyJson(org: Org, policy: Policy, expand: string | null): JsonObject {
  const self = `${org.origin}/api/v1/policies/${policy.id}`;
  const links: Record<string, Json> = {};
  if (!isRanked(policy.type) && !policy.system) links.mappings = { href: `${self}/mappings`, hints: allow('GET', 'POST') };
  if (policy.status === 'INACTIVE') links.activate = { href: `${self}/lifecycle/activate`, hints: allow('POST') };
  links.self = { href: self, hints: policy.system ? allow('GET', 'PUT') : allow('GET', 'PUT', 'DELETE') };
  links.rules = { href: `${self}/rules`, hints: allow('GET', 'POST') };
  if (policy.status === 'ACTIVE' && !policy.system) links.deactivate = { href: `${self}/lifecycle/deactivate`, hints: allow('POST') };
  return org.shaping.shape('policy', {
    type: policy.type,
    id: policy.id,
    status: policy.status,
    name: policy.name,
    ...(policy.description === null ? {} : { description: policy.description }),
    priority: policy.priority,
    system: policy.system,
    conditions: policy.conditions,
    created: isoTime(policy.created),
    lastUpdated: isoTime(policy.lastUpdated),
    ...(policy.settings === undefined ? {} : { settings: policy.settings }),
    ...(expand === 'rules' ? { _embedded: { rules: rulesOf(org, policy.id).map((rule) => ruleJson(org, rule)) } } : {}),
    _links: links,
  });
}

export function ruleJson(org: Org, rule: PolicyRule): JsonObject {
  const self = `${org.origin}/api/v1/policies/${rule.policyId}/rules/${rule.id}`;
  const links: Record<string, Json> = {};
  if (rule.status === 'INACTIVE') links.activate = { href: `${self}/lifecycle/activate`, hints: allow('POST') };
  links.self = { href: self, hints: rule.system ? allow('GET', 'PUT') : allow('GET', 'PUT', 'DELETE') };
  if (rule.status === 'ACTIVE' && !rule.system) links.deactivate = { href: `${self}/lifecycle/deactivate`, hints: allow('POST') };
  return {
    type: rule.type,
    id: rule.id,
    status: rule.status,
    name: rule.name,
    priority: rule.priority,
    created: isoTime(rule.created),
    lastUpdated: isoTime(rule.lastUpdated),
    system: rule.system,
    conditions: rule.conditions,
    actions: rule.actions,
    _links: links,
  };
}

import { page } from '../paging.ts';
import { invalid, refuse } from '../refusal.ts';
import { json } from '../reply.ts';
import type { Call, Family, Reply } from '../types.ts';
import { clonePolicy, listMappings, listPolicyApps, refuseMapping } from './policies/apps.ts';
import { layDefaultPolicies } from './policies/defaults.ts';
import { policyJson } from './policies/render.ts';
import { createRule, deleteRule, getRule, listRules, replaceRule, setRuleStatus } from './policies/rules.ts';
import { isPolicyType, policiesOf } from './policies/store.ts';
import { createPolicy, deletePolicy, policyOf, replacePolicy, setPolicyStatus } from './policies/write.ts';

const POLICY = '/api/v1/policies/{policyId}';
const RULE = `${POLICY}/rules/{ruleId}`;
const NO_LIMIT = { fallback: 1_000_000, max: 1_000_000 };

/** Policies of the twelve types, and their rules. */
export const policies: Family = {
  name: 'policies',
  routes: [
    { method: 'GET', path: '/api/v1/policies', handle: listPolicies },
    { method: 'POST', path: '/api/v1/policies', handle: createPolicy },
    { method: 'GET', path: POLICY, handle: (call) => json(200, policyJson(call.org, policyOf(call), call.query.get('expand'))) },
    { method: 'PUT', path: POLICY, handle: replacePolicy },
    { method: 'DELETE', path: POLICY, handle: deletePolicy },
    { method: 'POST', path: `${POLICY}/lifecycle/activate`, handle: (call) => setPolicyStatus(call, 'ACTIVE') },
    { method: 'POST', path: `${POLICY}/lifecycle/deactivate`, handle: (call) => setPolicyStatus(call, 'INACTIVE') },
    { method: 'POST', path: `${POLICY}/clone`, handle: clonePolicy },
    { method: 'GET', path: `${POLICY}/app`, handle: listPolicyApps },
    { method: 'GET', path: `${POLICY}/mappings`, handle: listMappings },
    { method: 'POST', path: `${POLICY}/mappings`, handle: refuseMapping },
    { method: 'GET', path: `${POLICY}/rules`, handle: listRules },
    { method: 'POST', path: `${POLICY}/rules`, handle: createRule },
    { method: 'GET', path: RULE, handle: getRule },
    { method: 'PUT', path: RULE, handle: replaceRule },
    { method: 'DELETE', path: RULE, handle: deleteRule },
    { method: 'POST', path: `${RULE}/lifecycle/activate`, handle: (call) => setRuleStatus(call, 'ACTIVE') },
    { method: 'POST', path: `${RULE}/lifecycle/deactivate`, handle: (call) => setRuleStatus(call, 'INACTIVE') },
  ],
  initialise: layDefaultPolicies,
};

function listPolicies(call: Call): Reply {
  const { org, query } = call;
  const type = query.get('type');
  if (type === null || type === '') throw refuse('E0000028', ["The request is missing required parameter 'type'."]);
  if (!isPolicyType(type)) throw invalid('type', [`type: '${type}' is not a valid policy type`]);
  const status = query.get('status');
  if (status !== null && status !== 'ACTIVE' && status !== 'INACTIVE') throw invalid('status', ["status: must be 'ACTIVE' or 'INACTIVE'"]);
  const q = query.get('q')?.toLowerCase() ?? '';
  let found = policiesOf(org, type).filter(
    (policy) => (status === null || policy.status === status) && policy.name.toLowerCase().startsWith(q),
  );
  if (query.get('sortBy') === 'name') found = found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const expand = query.get('expand');
  return page(call, found, {
    limit: NO_LIMIT,
    key: (policy) => policy.id,
    render: (policy) => JSON.stringify(policyJson(org, policy, expand)),
    showsLimit: false,
  });
}

import { target } from '../../log-writer.ts';
import { Refusal, refuse } from '../../refusal.ts';
import { json } from '../../reply.ts';
import type { Call, Reply } from '../../types.ts';
import { pageOfApps } from '../apps/list.ts';
import { APPS, type App } from '../apps/store.ts';
import { policyJson } from './render.ts';
import { makePolicy, makeRule, type Policy, rulesOf } from './store.ts';
import { policyOf } from './write.ts';

function appsOf(call: Call, policy: Policy): App[] {
  return call.org.collection(APPS).filter((app) => app.accessPolicyId === policy.id);
}

/** GET /api/v1/policies/{policyId}/app: the apps that a policy guards. */
export function listPolicyApps(call: Call): Reply {
  return pageOfApps(call, appsOf(call, policyOf(call)));
}

/** GET /api/v1/policies/{policyId}/mappings */
export function listMappings(call: Call): Reply {
  const policy = policyOf(call);
  const self = `${call.org.origin}/api/v1/policies/${policy.id}`;
  return json(
    200,
    appsOf(call, policy).map((app) => ({
      id: app.id,
      _links: {
        self: { href: `${self}/mappings/${app.id}` },
        application: { href: `${call.org.origin}/api/v1/apps/${app.id}` },
        policy: { href: self },
      },
    })),
  );
}

/** POST /api/v1/policies/{policyId}/mappings: apps are assigned from their own side. */
export function refuseMapping(call: Call): Reply {
  policyOf(call);
  throw new Refusal('E0000001', { summary: 'Api validation failed: Policy mappings are no longer supported on this endpoint.' });
}

/** POST /api/v1/policies/{policyId}/clone: of access policies only, rules and all. */
export function clonePolicy(call: Call): Reply {
  const { org } = call;
  const source = policyOf(call);
  if (source.type !== 'ACCESS_POLICY') throw refuse('E0000001', ['Only authentication policies can be cloned.']);
  const copy = makePolicy(org, {
    type: source.type,
    name: `[cloned] ${source.name}`,
    description: source.description,
    conditions: source.conditions,
    created: call.now,
  });
  for (const rule of rulesOf(org, source.id)) {
    makeRule(org, copy, {
      name: rule.name,
      status: rule.status,
      priority: rule.priority,
      system: rule.system,
      conditions: rule.conditions,
      actions: rule.actions,
      created: call.now,
    });
  }
  call.log('policy.lifecycle.create', { targets: [target('PolicyEntity', copy.id, copy.name, copy.type)] });
  // The answer to a clone has no times yet.
  return json(200, { ...policyJson(org, copy, null), created: null, lastUpdated: null });
}

import { link } from '../links.ts';
import { target } from '../log-writer.ts';
import type { Org } from '../org.ts';
import { invalid, notFound, refuse } from '../refusal.ts';
import { json } from '../reply.ts';
import { systemId } from '../system-ids.ts';
import type { Call, Family, JsonObject, Reply } from '../types.ts';

const PATH = '/api/v1/features';
const FEATURE = `${PATH}/{featureId}`;

interface Feature {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly stage: JsonObject;
  /** Keys of the features that must be on for this one. */
  readonly needs: readonly string[];
}

const EA: JsonObject = { value: 'EA' };
const BETA: JsonObject = { value: 'BETA', state: 'OPEN' };

/** Self-service features; several build on another. */
const FEATURES: readonly Feature[] = [
  {
    key: 'import-monitor',
    name: 'Import Monitoring Dashboard',
    description: 'Shows imports under way and of the last day.',
    stage: BETA,
    needs: [],
  },
  {
    key: 'admin-dashboard',
    name: 'New Admin Dashboard',
    description: 'A dashboard of tasks and figures for administrators.',
    stage: BETA,
    needs: [],
  },
  { key: 'hook-preview', name: 'Inline hook preview', description: 'Shows and tries what an inline hook is sent.', stage: BETA, needs: [] },
  {
    key: 'end-user',
    name: 'New End User Experience',
    description: 'The dashboard of end users in its new form.',
    stage: EA,
    needs: [],
  },
  {
    key: 'recent-apps',
    name: 'Recently used apps',
    description: 'Apps of every day, at hand on the dashboard.',
    stage: EA,
    needs: ['end-user'],
  },
  {
    key: 'recent-plugin',
    name: 'Recently used apps in the browser plugin',
    description: 'Apps of every day, at hand in the plugin.',
    stage: EA,
    needs: ['recent-apps'],
  },
  {
    key: 'password-notice',
    name: 'Password changed notification',
    description: 'A mail to each user whose password was changed.',
    stage: EA,
    needs: [],
  },
];

/** Features that an org may turn on itself. */
export const features: Family = {
  name: 'features',
  routes: [
    {
      method: 'GET',
      path: PATH,
      handle: (call) =>
        json(
          200,
          FEATURES.map((feature) => render(call.org, feature)),
        ),
    },
    { method: 'GET', path: FEATURE, handle: (call) => json(200, render(call.org, featureOf(call))) },
    {
      method: 'GET',
      path: `${FEATURE}/dependencies`,
      handle: (call) =>
        json(
          200,
          needed(featureOf(call)).map((one) => render(call.org, one)),
        ),
    },
    {
      method: 'GET',
      path: `${FEATURE}/dependents`,
      handle: (call) =>
        json(
          200,
          needing(featureOf(call)).map((one) => render(call.org, one)),
        ),
    },
    { method: 'POST', path: `${FEATURE}/{lifecycle}`, handle: change },
  ],
};

function enabled(org: Org): Set<string> {
  return org.value('enabledFeatures', () => new Set<string>()).value;
}

function idOf(org: Org, feature: Feature): string {
  return systemId(org, 'ftr', feature.key);
}

function featureOf(call: Call): Feature {
  const id = call.params.featureId ?? '';
  const found = FEATURES.find((feature) => idOf(call.org, feature) === id);
  if (found === undefined) throw notFound(id, 'Feature');
  return found;
}

/** What a feature needs, and what that needs. */
function needed(feature: Feature): Feature[] {
  const direct = FEATURES.filter((one) => feature.needs.includes(one.key));
  return [...new Set(direct.flatMap((one) => [one, ...needed(one)]))];
}

function needing(feature: Feature): Feature[] {
  const direct = FEATURES.filter((one) => one.needs.includes(feature.key));
  return [...new Set(direct.flatMap((one) => [one, ...needing(one)]))];
}

/** POST /features/{featureId}/{ENABLE|DISABLE}; `mode=force` carries dependencies or dependents along. */
function change(call: Call): Reply {
  const feature = featureOf(call);
  const lifecycle = (call.params.lifecycle ?? '').toUpperCase();
  if (lifecycle !== 'ENABLE' && lifecycle !== 'DISABLE') throw refuse('E0000008');
  const mode = call.query.get('mode');
  if (mode !== null && mode !== '' && mode !== 'force') throw invalid('mode', [`mode: '${mode}' is not one of force`]);
  const on = enabled(call.org);
  const isOn = lifecycle === 'ENABLE';
  const others = isOn ? needed(feature).filter((one) => !on.has(one.key)) : needing(feature).filter((one) => on.has(one.key));
  if (others.length > 0 && mode !== 'force') {
    const names = others.map((one) => one.name).join(', ');
    throw invalid('feature', [isOn ? `The feature needs others that are disabled: ${names}` : `Other features need this one: ${names}`]);
  }
  for (const one of [...others, feature]) {
    if (on.has(one.key) === isOn) continue;
    if (isOn) on.add(one.key);
    else on.delete(one.key);
    call.log(isOn ? 'system.feature.enable' : 'system.feature.disable', { targets: [target('Feature', idOf(call.org, one), one.name)] });
  }
  return json(200, render(call.org, feature));
}

function render(org: Org, feature: Feature): JsonObject {
  const id = idOf(org, feature);
  const path = `${PATH}/${id}`;
  const isOn = enabled(org).has(feature.key);
  return {
    id,
    type: 'self-service',
    status: isOn ? 'ENABLED' : 'DISABLED',
    name: feature.name,
    description: feature.description,
    stage: feature.stage,
    _links: {
      helpDoc: { href: `https://help.okta.com/${feature.key}` },
      // A beta is joined by another way than its link.
      ...(feature.stage.value === 'BETA' && !isOn
        ? {}
        : { [isOn ? 'disable' : 'enable']: link(org, `${path}/${isOn ? 'disable' : 'enable'}`, 'POST') }),
      self: link(org, path),
      dependents: link(org, `${path}/dependents`),
      dependencies: link(org, `${path}/dependencies`),
    },
  };
}

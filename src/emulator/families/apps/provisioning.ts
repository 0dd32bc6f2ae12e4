import { defineCollection } from '../../collection.ts';
import { target } from '../../log-writer.ts';
import { invalid, notFound } from '../../refusal.ts';
import { empty, isObject, json } from '../../reply.ts';
import type { Call, Json, JsonObject, Reply, Route } from '../../types.ts';
import { INTEGRATIONS } from './catalog.ts';
import { objectOf } from './defaults.ts';
import { appOf } from './list.ts';
import type { App } from './store.ts';

/** How an app's provisioning is connected. `id` is the app's. */
interface Connection {
  readonly id: string;
  readonly authScheme: string;
  readonly status: 'DISABLED' | 'ENABLED';
}

/** What provisioning does. `id` is the app's. */
interface Capabilities {
  readonly id: string;
  readonly create: JsonObject;
  readonly update: JsonObject;
}

const CONNECTIONS = defineCollection<Connection>('provisioningConnections');
const CAPABILITIES = defineCollection<Capabilities>('provisioningCapabilities');
const CONNECTION = '/api/v1/apps/{appId}/connections/default';
const FEATURES = '/api/v1/apps/{appId}/features';

/** The provisioning connection of an app, and what provisioning does over it. */
export const provisioningRoutes: readonly Route[] = [
  { method: 'GET', path: CONNECTION, handle: (call) => json(200, connectionJson(call, appOf(call))) },
  { method: 'POST', path: CONNECTION, handle: connect },
  { method: 'POST', path: `${CONNECTION}/lifecycle/activate`, handle: (call) => setConnection(call, 'ENABLED') },
  { method: 'POST', path: `${CONNECTION}/lifecycle/deactivate`, handle: (call) => setConnection(call, 'DISABLED') },
  { method: 'GET', path: FEATURES, handle: (call) => json(200, [featureJson(call, connectedApp(call))]) },
  { method: 'GET', path: `${FEATURES}/{name}`, handle: (call) => json(200, featureJson(call, featureApp(call))) },
  { method: 'PUT', path: `${FEATURES}/{name}`, handle: updateFeature },
];

function canProvision(app: App): boolean {
  return INTEGRATIONS[app.name]?.hasProvisioning === true;
}

function connectionOf(call: Call, app: App): Connection {
  return call.org.collection(CONNECTIONS).get(app.id) ?? { id: app.id, authScheme: 'TOKEN', status: 'DISABLED' };
}

function connectionJson(call: Call, app: App): JsonObject {
  const { shaping } = call.org;
  if (!canProvision(app)) return shaping.shape('connection', { status: 'UNKNOWN', profile: { authScheme: 'UNKNOWN' } });
  const { authScheme, status } = connectionOf(call, app);
  const self = `${call.org.origin}/api/v1/apps/${app.id}/connections/default`;
  const change = status === 'ENABLED' ? 'deactivate' : 'activate';
  return shaping.shape('connection', {
    authScheme,
    status,
    profile: { authScheme },
    _links: {
      [change]: { href: `${self}/lifecycle/${change}`, hints: { allow: ['POST'] } },
      self: { href: self, hints: { allow: ['POST', 'GET'] } },
    },
  });
}

function connect(call: Call): Reply {
  const app = appOf(call);
  const profile = objectOf(call.json().profile);
  if (!canProvision(app)) return json(200, connectionJson(call, app));
  const scheme = profile.authScheme;
  if (scheme !== 'TOKEN' && scheme !== 'OAUTH2') throw invalid('profile.authScheme', ["authScheme: must be 'TOKEN' or 'OAUTH2'"]);
  if (scheme === 'TOKEN' && (typeof profile.token !== 'string' || profile.token === ''))
    throw invalid('profile.token', ['token: The field cannot be left blank']);
  const before = connectionOf(call, app);
  call.org
    .collection(CONNECTIONS)
    .put({ ...before, authScheme: scheme, status: call.query.get('activate') === 'true' ? 'ENABLED' : before.status });
  logProvisioning(call, 'application.provision.integration.update', app);
  return json(200, connectionJson(call, app));
}

function setConnection(call: Call, status: Connection['status']): Reply {
  const app = appOf(call);
  if (canProvision(app) && connectionOf(call, app).status !== status) {
    call.org.collection(CONNECTIONS).put({ ...connectionOf(call, app), status });
    logProvisioning(
      call,
      status === 'ENABLED' ? 'application.provision.integration.enable' : 'application.provision.integration.disable',
      app,
    );
  }
  return empty(204);
}

/** The app, if something is connected to it. */
function connectedApp(call: Call): App {
  const app = appOf(call);
  if (!canProvision(app) || connectionOf(call, app).status !== 'ENABLED') throw invalid('feature', ['Provisioning is not supported.']);
  return app;
}

function featureApp(call: Call): App {
  const name = call.params.name ?? '';
  if (name !== 'USER_PROVISIONING' && name !== 'INBOUND_PROVISIONING') throw notFound(name, 'PublicAppFeatureSetName');
  const app = connectedApp(call);
  if (name === 'INBOUND_PROVISIONING') throw notFound(name, 'PublicAppFeatureSetName');
  return app;
}

const OFF: JsonObject = { status: 'DISABLED' };

function featureJson(call: Call, app: App): JsonObject {
  const own = call.org.collection(CAPABILITIES).get(app.id);
  return {
    name: 'USER_PROVISIONING',
    status: 'ENABLED',
    description: 'User provisioning settings from Okta to a downstream application',
    capabilities: {
      create: { lifecycleCreate: OFF, ...own?.create },
      update: {
        lifecycleDeactivate: OFF,
        password: { status: 'DISABLED', seed: 'RANDOM', change: 'KEEP_EXISTING' },
        profile: OFF,
        ...own?.update,
      },
    },
    _links: { self: { href: `${call.org.origin}/api/v1/apps/${app.id}/features/USER_PROVISIONING`, hints: { allow: ['GET', 'PUT'] } } },
  };
}

function updateFeature(call: Call): Reply {
  const body = call.json();
  const app = featureApp(call);
  const before = call.org.collection(CAPABILITIES).get(app.id);
  for (const part of [...Object.values(objectOf(body.create)), ...Object.values(objectOf(body.update))]) checkStatus(part);
  call.org
    .collection(CAPABILITIES)
    .put({ id: app.id, create: { ...before?.create, ...objectOf(body.create) }, update: { ...before?.update, ...objectOf(body.update) } });
  logProvisioning(call, 'application.provision.feature.update', app);
  return json(200, featureJson(call, app));
}

function checkStatus(part: Json | undefined): void {
  const status = isObject(part) ? part.status : undefined;
  if (status !== 'ENABLED' && status !== 'DISABLED') throw invalid('status', ["status: must be 'ENABLED' or 'DISABLED'"]);
}

function logProvisioning(call: Call, eventType: string, app: App): void {
  call.log(eventType, { targets: [target('AppInstance', app.id, app.label, app.label)] });
}

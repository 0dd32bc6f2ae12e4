import { createHash } from 'node:crypto';
import { defineCollection } from '../../collection.ts';
import { target } from '../../log-writer.ts';
import type { Org } from '../../org.ts';
import { invalid, notFound } from '../../refusal.ts';
import { empty, json } from '../../reply.ts';
import { isoTime, wholeSecond } from '../../time.ts';
import type { Call, JsonObject, Reply, Route } from '../../types.ts';
import { objectOf } from './defaults.ts';
import { appOf } from './list.ts';
import { APPS, type App } from './store.ts';

/** A secret of an OpenID Connect client. */
export interface AppSecret {
  readonly id: string;
  readonly appId: string;
  readonly secret: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly created: number;
  readonly lastUpdated: number;
}

export const APP_SECRETS = defineCollection<AppSecret>('appSecrets', (secret) => secret.appId);

const ALL = '/api/v1/apps/{appId}/credentials/secrets';
const ONE = `${ALL}/{secretId}`;

/** Client secrets: two at most, so that one can take over from the other. */
export const secretRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: ALL,
    handle: (call) =>
      json(
        200,
        secretsOf(call.org, appOf(call)).map((secret) => secretJson(call.org, secret)),
      ),
  },
  { method: 'POST', path: ALL, handle: createSecret },
  { method: 'GET', path: ONE, handle: (call) => json(200, secretJson(call.org, secretOf(call))) },
  { method: 'DELETE', path: ONE, handle: deleteSecret },
  { method: 'POST', path: `${ONE}/lifecycle/activate`, handle: (call) => setStatus(call, 'ACTIVE') },
  { method: 'POST', path: `${ONE}/lifecycle/deactivate`, handle: (call) => setStatus(call, 'INACTIVE') },
];

/** The secrets of a client; the one that it was made with becomes a record when first looked at. */
export function secretsOf(org: Org, app: App): AppSecret[] {
  const secrets = org.collection(APP_SECRETS);
  const first = objectOf(app.credentials.oauthClient).client_secret;
  if (secrets.by(app.id).length === 0 && typeof first === 'string') {
    secrets.put({
      id: org.ids.next('ocs'),
      appId: app.id,
      secret: first,
      status: 'ACTIVE',
      created: app.created,
      lastUpdated: app.created,
    });
  }
  return secrets.by(app.id);
}

function secretJson(org: Org, secret: AppSecret): JsonObject {
  const self = `${org.origin}/api/v1/apps/${secret.appId}/credentials/secrets/${secret.id}`;
  return {
    id: secret.id,
    created: isoTime(secret.created),
    lastUpdated: isoTime(secret.lastUpdated),
    status: secret.status,
    client_secret: secret.secret,
    secret_hash: createHash('md5').update(secret.secret).digest('base64url'),
    _links:
      secret.status === 'ACTIVE'
        ? { deactivate: { href: `${self}/lifecycle/deactivate`, hints: { allow: ['POST'] } } }
        : {
            activate: { href: `${self}/lifecycle/activate`, hints: { allow: ['POST'] } },
            delete: { href: self, hints: { allow: ['DELETE'] } },
          },
  };
}

function createSecret(call: Call): Reply {
  const { org } = call;
  const app = appOf(call);
  if (app.signOnMode !== 'OPENID_CONNECT') throw invalid('app', ['Client secrets are supported by OpenID Connect applications only.']);
  const body = call.json({ optional: true });
  if (secretsOf(org, app).length >= 2)
    throw invalid('client_secret', ['You have reached the maximum number of client secrets per client.']);
  const created = wholeSecond(call.now);
  const secret = org.collection(APP_SECRETS).put({
    id: org.ids.next('ocs'),
    appId: app.id,
    secret: typeof body.client_secret === 'string' ? body.client_secret : org.random.text(64),
    status: body.status === 'INACTIVE' ? 'INACTIVE' : 'ACTIVE',
    created,
    lastUpdated: created,
  });
  logSecret(call, 'app.oauth2.client.secret.create', app, secret);
  return json(201, secretJson(org, secret));
}

function secretOf(call: Call): AppSecret {
  const id = call.params.secretId ?? '';
  const secret = secretsOf(call.org, appOf(call)).find((one) => one.id === id);
  if (secret === undefined) throw notFound(id, 'ClientSecret');
  return secret;
}

function setStatus(call: Call, status: AppSecret['status']): Reply {
  const { org } = call;
  const app = appOf(call);
  const before = secretOf(call);
  const others = secretsOf(org, app).filter((secret) => secret.id !== before.id && secret.status === 'ACTIVE');
  if (status === 'INACTIVE' && others.length === 0) throw invalid('client_secret', ['A client must have at least one active secret.']);
  const secret = org.collection(APP_SECRETS).put({ ...before, status, lastUpdated: wholeSecond(call.now) });
  const client = objectOf(app.credentials.oauthClient);
  // The app itself shows a secret that works.
  if (status === 'INACTIVE' && client.client_secret === before.secret && others[0] !== undefined) {
    org.collection(APPS).put({ ...app, credentials: { ...app.credentials, oauthClient: { ...client, client_secret: others[0].secret } } });
  }
  logSecret(call, status === 'ACTIVE' ? 'app.oauth2.client.secret.activate' : 'app.oauth2.client.secret.deactivate', app, secret);
  return json(200, secretJson(org, secret));
}

function deleteSecret(call: Call): Reply {
  const app = appOf(call);
  const secret = secretOf(call);
  if (secret.status === 'ACTIVE') throw invalid('client_secret', ['An active client secret cannot be deleted.']);
  call.org.collection(APP_SECRETS).delete(secret.id);
  logSecret(call, 'app.oauth2.client.secret.delete', app, secret);
  return empty(204);
}

function logSecret(call: Call, eventType: string, app: App, secret: AppSecret): void {
  call.log(eventType, { targets: [target('AppInstance', app.id, app.label, app.label), target('ClientSecret', secret.id, secret.id)] });
}

import { notFound } from '../../refusal.ts';
import { signingKeyRoutes } from '../signing-keys/routes.ts';
import { APP_KEYS, APP_REQUESTS, keysOf } from './keys.ts';
import { APPS } from './store.ts';

/** Signing keys of apps, and the requests for certificates of one's own. */
export const keyRoutes = signingKeyRoutes({
  base: '/api/v1/apps',
  parameter: 'appId',
  ownerOf(org, id) {
    const app = org.collection(APPS).get(id);
    if (app === undefined) throw notFound(id, 'AppInstance');
    return app;
  },
  keysOf(org, owner) {
    const app = org.collection(APPS).get(owner.id);
    return app === undefined ? [] : keysOf(org, app);
  },
  keys: APP_KEYS,
  requests: APP_REQUESTS,
  cloneTo: 'targetAid',
  event: 'app',
  entity: 'AppInstance',
});

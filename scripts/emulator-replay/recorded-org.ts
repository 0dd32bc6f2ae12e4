import type { EmulatorOptions } from '../../src/emulator/types.ts';
import { parseJson } from './compare.ts';
import { isObject } from './id-map.ts';
import type { Recorded } from './recording.ts';

type Capability = NonNullable<EmulatorOptions['without']>[number];

/**
 * The org that a test was recorded at, as far as it is given from outside: the release of the API by the date of the first response, and what the org could
 * not do by what its objects never show.
 */
export function recordedOrg(requests: readonly Recorded[]): Pick<EmulatorOptions, 'release' | 'without'> {
  const time = requests.find((request) => request.time !== undefined)?.time;
  const objects = requests
    .filter((request) => request.status < 300)
    .flatMap(({ body }) => {
      const parsed = parseJson(body);
      return Array.isArray(parsed) ? parsed : [parsed];
    })
    .filter(isObject);
  const without = (Object.keys(SIGNS) as Capability[]).filter((capability) => {
    const shown = objects.map((object) => SIGNS[capability](object)).filter((sign) => sign !== undefined);
    return shown.length > 0 && !shown.includes(true);
  });
  return { ...(time === undefined ? {} : { release: time }), without };
}

/** Whether an object shows a capability; `undefined` for objects that would not show it in any org. */
const SIGNS: Readonly<Record<Capability, (object: Record<string, unknown>) => boolean | undefined>> = {
  universalLogout: (app) => (isApp(app) && app.universalLogout !== undefined ? isObject(app.universalLogout) : undefined),
  entitlements: (app) => (isApp(app) && app.orn !== undefined ? isObject(app.settings) && 'emOptInStatus' in app.settings : undefined),
  userEmails: (user) => (isUser(user) && isObject(user.credentials) ? 'emails' in user.credentials : undefined),
  consent: (app) => {
    const client = isApp(app) && isObject(app.settings) ? app.settings.oauthClient : undefined;
    return isObject(client) ? 'consent_method' in client : undefined;
  },
};

function isApp(object: Record<string, unknown>): boolean {
  return typeof object.signOnMode === 'string' && isObject(object.settings);
}

function isUser(object: Record<string, unknown>): boolean {
  return isObject(object.profile) && typeof object.profile.login === 'string' && isObject(object._links);
}

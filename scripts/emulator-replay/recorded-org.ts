import type { EmulatorOptions } from '../../src/emulator/types.ts';
import { parseJson } from './compare.ts';
import { isObject } from './id-map.ts';
import type { Recorded } from './recording.ts';

type Capability = NonNullable<EmulatorOptions['without']>[number];

/** The release of the API that a test was recorded at, by the date of the first response. */
export function recordedRelease(requests: readonly Recorded[]): Pick<EmulatorOptions, 'release'> {
  const time = requests.find((request) => request.time !== undefined)?.time;
  return time === undefined ? {} : { release: time };
}

/** What the org of a test could not do, by what its answers never show: a look at the answers, so never part of the plain score. */
export function recordedLacks(requests: readonly Recorded[]): Pick<EmulatorOptions, 'without'> {
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
  return { without };
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

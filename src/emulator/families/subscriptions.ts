import { STANDARD_ROLES } from '../admin-roles.ts';
import { link } from '../links.ts';
import { target } from '../log-writer.ts';
import type { Org } from '../org.ts';
import { notFound } from '../refusal.ts';
import { json } from '../reply.ts';
import type { Call, Family, JsonObject, Reply, Route } from '../types.ts';

/** Notifications of administrators, and whether one gets them unasked. */
const TYPES: Readonly<Record<string, boolean>> = {
  IWA_AGENT: true,
  CONNECTOR_AGENT: true,
  USER_LOCKED_OUT: false,
  APP_IMPORT: false,
  AD_AGENT: true,
  LDAP_AGENT: true,
  RATELIMIT_NOTIFICATION: true,
  OKTA_ANNOUNCEMENT: true,
  OKTA_ISSUE: true,
  OKTA_UPDATE: true,
  USER_DEPROVISION: false,
  REPORT_SUSPICIOUS_ACTIVITY: true,
};

/** What a path's subscriber is: where its subscriptions stand, and a check that it exists. */
interface Area {
  readonly base: string;
  readonly parameter: string;
  /** The subscriber's id; refuses one that does not exist. */
  readonly subscriber: (call: Call) => string;
}

const AREAS: readonly Area[] = [
  { base: '/api/v1/roles', parameter: 'roleTypeOrRoleId', subscriber: roleOf },
  { base: '/api/v1/users', parameter: 'userId', subscriber: userOf },
];

/** Subscriptions of roles and users to the notifications of administrators. */
export const subscriptions: Family = { name: 'subscriptions', routes: AREAS.flatMap(routesOf) };

function routesOf(area: Area): Route[] {
  const list = `${area.base}/{${area.parameter}}/subscriptions`;
  const one = `${list}/{notificationType}`;
  const pathOf = (subscriber: string): string => `${area.base}/${subscriber}/subscriptions`;
  return [
    {
      method: 'GET',
      path: list,
      handle: (call) => {
        const subscriber = area.subscriber(call);
        return json(
          200,
          Object.keys(TYPES).map((type) => render(call.org, subscriber, type, pathOf(subscriber))),
        );
      },
    },
    {
      method: 'GET',
      path: one,
      handle: (call) => {
        const subscriber = area.subscriber(call);
        return json(200, render(call.org, subscriber, typeOf(call), pathOf(subscriber)));
      },
    },
    { method: 'POST', path: `${one}/subscribe`, handle: (call) => set(call, area.subscriber(call), true) },
    { method: 'POST', path: `${one}/unsubscribe`, handle: (call) => set(call, area.subscriber(call), false) },
  ];
}

function roleOf(call: Call): string {
  const given = call.params.roleTypeOrRoleId ?? '';
  const custom = call.org.value('customRoleLabels', () => new Map<string, string>()).value;
  if (STANDARD_ROLES[given] === undefined && !custom.has(given)) throw notFound(given, 'Role');
  return given;
}

function userOf(call: Call): string {
  const given = call.params.userId ?? '';
  const user = given === 'me' ? call.org.users.get(call.actor.id) : call.org.users.resolve(given);
  if (user === undefined) throw notFound(given, 'User');
  return user.id;
}

function typeOf(call: Call): string {
  const type = call.params.notificationType ?? '';
  if (TYPES[type] === undefined) throw notFound(type, 'NotificationType');
  return type;
}

/** What was chosen, by subscriber and type; everything else follows the table. */
function choices(org: Org): Map<string, boolean> {
  return org.value('subscriptions', () => new Map<string, boolean>()).value;
}

function set(call: Call, subscriber: string, isSubscribed: boolean): Reply {
  const type = typeOf(call);
  choices(call.org).set(`${subscriber}/${type}`, isSubscribed);
  call.log(isSubscribed ? 'system.notification.subscribe' : 'system.notification.unsubscribe', {
    targets: [target('Subscription', subscriber, type)],
  });
  return { status: 200 };
}

function render(org: Org, subscriber: string, type: string, path: string): JsonObject {
  const isSubscribed = choices(org).get(`${subscriber}/${type}`) ?? TYPES[type] ?? false;
  const next = isSubscribed ? 'unsubscribe' : 'subscribe';
  return {
    notificationType: type,
    channels: ['email'],
    status: isSubscribed ? 'subscribed' : 'unsubscribed',
    _links: { [next]: link(org, `${path}/${type}/${next}`, 'POST'), self: link(org, `${path}/${type}`) },
  };
}

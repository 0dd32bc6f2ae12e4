import { BlockList, isIP } from 'node:net';
import { groupIdsOf } from '../../membership.ts';
import type { User } from '../../model.ts';
import type { Org } from '../../org.ts';
import { objectAt, textsAt } from '../../shape.ts';
import type { Call, Json, JsonObject } from '../../types.ts';
import { defaultSettings } from '../policies/defaults.ts';
import { type Policy, type PolicyType, policiesOf, rulesOf } from '../policies/store.ts';
import { ZONES } from '../zones/store.ts';

/** What the sign-on policies say to a user who comes from where the call comes from. */
export interface SignOn {
  readonly isAllowed: boolean;
  readonly needsFactor: boolean;
  /** How often a factor is asked for: ALWAYS, DEVICE, SESSION. */
  readonly promptMode: string;
  /** How long a device is remembered, ms. */
  readonly rememberedMs: number;
  readonly remembersByDefault: boolean;
}

/** The first rule that holds, of the first policy that does. */
export function signOnOf(call: Call, user: User): SignOn {
  const { org } = call;
  const address = clientAddress(call);
  for (const policy of policiesFor(org, 'OKTA_SIGN_ON', user)) {
    for (const rule of rulesOf(org, policy.id)) {
      if (rule.status !== 'ACTIVE' || !holds(org, rule.conditions ?? {}, user, address)) continue;
      const signon = objectAt(rule.actions.signon);
      const minutes = typeof signon.factorLifetime === 'number' ? signon.factorLifetime : 15;
      return {
        isAllowed: signon.access !== 'DENY',
        needsFactor: signon.requireFactor === true,
        promptMode: typeof signon.factorPromptMode === 'string' ? signon.factorPromptMode : 'ALWAYS',
        rememberedMs: minutes * 60_000,
        remembersByDefault: signon.rememberDeviceByDefault === true,
      };
    }
  }
  return { isAllowed: true, needsFactor: false, promptMode: 'ALWAYS', rememberedMs: 0, remembersByDefault: false };
}

/** Settings of the password policy that a user is under. */
export interface PasswordRules {
  readonly complexity: JsonObject;
  readonly maxAgeDays: number;
  readonly warnDays: number;
  readonly historyCount: number;
  /** 0 means that no number of wrong passwords locks out. */
  readonly maxAttempts: number;
  readonly autoUnlockMs: number;
  readonly showsLockout: boolean;
  readonly recovery: JsonObject;
  readonly selfService: { readonly reset: boolean; readonly unlock: boolean };
}

export function passwordRulesOf(org: Org, user: User): PasswordRules {
  const policy = policiesFor(org, 'PASSWORD', user)[0];
  const settings = policy?.settings ?? defaultSettings('PASSWORD') ?? {};
  const [password, rule] = [objectAt(settings.password), policy === undefined ? undefined : rulesOf(org, policy.id)[0]];
  const [age, lockout] = [objectAt(password.age), objectAt(password.lockout)];
  const allows = (action: string): boolean => objectAt(rule?.actions[action]).access !== 'DENY';
  return {
    complexity: objectAt(password.complexity),
    maxAgeDays: numberOf(age.maxAgeDays, 0),
    warnDays: numberOf(age.expireWarnDays, 0),
    historyCount: numberOf(age.historyCount, 0),
    maxAttempts: numberOf(lockout.maxAttempts, 10),
    autoUnlockMs: numberOf(lockout.autoUnlockMinutes, 0) * 60_000,
    showsLockout: lockout.showLockoutFailures === true,
    recovery: objectAt(objectAt(settings.recovery).factors),
    selfService: { reset: allows('selfServicePasswordReset'), unlock: allows('selfServiceUnlock') },
  };
}

function numberOf(value: Json | undefined, fallback: number): number {
  return typeof value === 'number' ? value : fallback;
}

/** Active policies whose people the user belongs to, in order. */
function policiesFor(org: Org, type: PolicyType, user: User): Policy[] {
  const groups = new Set(groupIdsOf(org, user.id));
  return policiesOf(org, type).filter((policy) => {
    const people = objectAt(policy.conditions?.people);
    const included = textsAt(objectAt(people.groups).include);
    return policy.status === 'ACTIVE' && (included.length === 0 || included.some((id) => groups.has(id)));
  });
}

function holds(org: Org, conditions: JsonObject, user: User, address: string): boolean {
  const people = objectAt(objectAt(conditions.people).users);
  if (textsAt(people.exclude).includes(user.id)) return false;
  if (objectAt(conditions.authContext).authType === 'RADIUS') return false;
  const network = objectAt(conditions.network);
  if (network.connection !== 'ZONE') return true;
  const isIn = (id: string): boolean => isInZone(org, id, address);
  const include = textsAt(network.include);
  return (include.length === 0 || include.some(isIn)) && !textsAt(network.exclude).some(isIn);
}

function isInZone(org: Org, id: string, address: string): boolean {
  const zone = org.collection(ZONES).get(id);
  const gateways = zone?.status === 'ACTIVE' ? zone.details.gateways : undefined;
  if (!Array.isArray(gateways) || isIP(address) === 0) return false;
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  for (const gateway of gateways as readonly JsonObject[]) {
    const [first = '', second = ''] = String(gateway.value ?? '').split(gateway.type === 'CIDR' ? '/' : '-');
    if (isIP(first) !== isIP(address)) continue;
    if (gateway.type === 'CIDR') list.addSubnet(first, Number(second), family);
    else if (isIP(second) === isIP(first)) list.addRange(first, second, family);
  }
  return list.check(address, family);
}

/** Where the call comes from: the address that a trusted application passes on. */
function clientAddress(call: Call): string {
  return (call.header('x-forwarded-for') ?? '127.0.0.1').split(',')[0]?.trim() ?? '';
}

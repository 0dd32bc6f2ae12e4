/*
 * The reference org's week of log: 200,000 events. What happens is decided first, as one number an event (time and kind), so that a sort of numbers puts
 * it in order; then the events are written oldest first.
 */
import { APPS, type App } from '../../families/apps/store.ts';
import { target } from '../../log-writer.ts';
import type { Org } from '../../org.ts';
import type { LogEntity } from '../../types.ts';
import { createEventWriter, PLACES, SYSTEM } from '../event-writer.ts';
import type { Draft } from './drafts.ts';
import { shuffled } from './draw.ts';
import { FAILURES, LOG_TYPES, type LogType } from './log-types.ts';
import { DAY_MS, HOUR_MS, type Times } from './times.ts';
import { USER_X } from './users.ts';

const TOTAL = 200_000;
const FAILED_TODAY = 2400;
const FAILED_BEFORE = 13_600;
const SIGN_INS = 52_700;
const DENIED_TODAY = 60;
const DENIED_BEFORE = 180;
/** Events of user X: by X, about X, and with X as second target. */
const X_SIGN_INS = 150;
const X_FAILED_TODAY = 5;
const X_FAILED_BEFORE = 5;
const X_SSO = 80;
const X_UPDATED = 60;
const X_ASSIGNED = 40;
const PUSH_DENIED = 'user.mfa.okta_verify.deny_push';

/** What an event is, before its time and people are known. */
interface Happening {
  readonly type: LogType;
  readonly result: string;
  readonly reason?: string;
  /** Who it is about, where that is decided: user X, or a place of an attack. */
  readonly who?: 'x' | number;
}

export function makeLog(org: Org, times: Times, drafts: readonly Draft[], adminIds: readonly string[]): void {
  const { random } = org;
  const writer = createEventWriter(org);
  const people = shuffled(
    random,
    drafts.filter((draft) => draft.status === 'ACTIVE' && draft.lastLogin !== null && !draft.isX).map((draft) => draft.id),
  );
  const apps = org.collection(APPS).filter((app) => app.status === 'ACTIVE');
  const groupIds = org.groups.ids;
  const attacks = planAttacks(org, people, writer);
  const tired = people.slice(400, 409);
  const kinds: Happening[] = [];
  const codes = new Float64Array(TOTAL);
  let size = 0;
  const put = (happening: Happening, count: number, when: () => number): void => {
    const kind = kinds.push(happening) - 1;
    for (let i = 0; i < count; i++) codes[size++] = when() * 1024 + kind;
  };
  const start = times.now - 7 * DAY_MS + 2.5 * HOUR_MS;
  const line = times.now - DAY_MS;
  const today = (): number => Math.floor(line + 2.5 * HOUR_MS + random.next() * (DAY_MS - 5 * HOUR_MS));
  const before = (): number => Math.floor(start + random.next() * (6 * DAY_MS - 5 * HOUR_MS));
  const anytime = (): number => (random.below(7) === 0 ? today() : before());
  const self = (type: string): LogType => ({ type, subject: 'self', weight: 0 });

  put({ type: self('user.session.start'), result: 'SUCCESS' }, SIGN_INS - X_SIGN_INS, anytime);
  put({ type: self('user.session.start'), result: 'SUCCESS', who: 'x' }, X_SIGN_INS, anytime);
  put({ type: self(PUSH_DENIED), result: 'FAILURE', reason: 'User rejected Okta push verify' }, DENIED_TODAY, today);
  put({ type: self(PUSH_DENIED), result: 'FAILURE', reason: 'User rejected Okta push verify' }, DENIED_BEFORE, before);
  const invalid = { type: self('user.session.start'), result: 'FAILURE', reason: 'INVALID_CREDENTIALS' } as const;
  put({ ...invalid, who: 'x' }, X_FAILED_TODAY, today);
  put({ ...invalid, who: 'x' }, X_FAILED_BEFORE, before);
  let attacked = 0;
  attacks.forEach((attack, i) => {
    put({ ...invalid, who: i }, attack.count, today);
    attacked += attack.count;
  });
  fail(FAILED_TODAY - DENIED_TODAY - X_FAILED_TODAY - attacked, today);
  fail(FAILED_BEFORE - DENIED_BEFORE - X_FAILED_BEFORE, before);
  const typeNamed = (name: string): LogType => LOG_TYPES.find((type) => type.type === name) as LogType;
  put({ type: typeNamed('user.authentication.sso'), result: 'SUCCESS', who: 'x' }, X_SSO, anytime);
  put({ type: typeNamed('user.account.update_profile'), result: 'SUCCESS', who: 'x' }, X_UPDATED, anytime);
  put({ type: typeNamed('application.user_membership.add'), result: 'SUCCESS', who: 'x' }, X_ASSIGNED, anytime);
  const weights = LOG_TYPES.reduce((sum, type) => sum + type.weight, 0);
  const rest = TOTAL - size;
  LOG_TYPES.forEach((type, i) => {
    const isLast = i === LOG_TYPES.length - 1;
    put({ type, result: type.result ?? 'SUCCESS' }, isLast ? TOTAL - size : Math.floor((rest * type.weight) / weights), anytime);
  });
  codes.sort();

  function fail(count: number, when: () => number): void {
    const sum = FAILURES.reduce((total, failure) => total + failure.weight, 0);
    let left = count;
    FAILURES.forEach((failure, i) => {
      const share = i === FAILURES.length - 1 ? left : Math.floor((count * failure.weight) / sum);
      left -= share;
      const { weight: _, type, ...outcome } = failure;
      put(
        { type: { type, subject: type === 'user.authentication.sso' || type.startsWith('app.') ? 'app' : 'self', weight: 0 }, ...outcome },
        share,
        when,
      );
    });
  }

  const index = new Map(people.map((id, i) => [id, i]));
  const abroad = new Set(people.slice(500, 530));
  const left = new Set<string>();
  const lists = new Map<LogEntity, readonly LogEntity[]>();
  let denials = 0;
  for (const code of codes) {
    const published = Math.floor(code / 1024);
    const happening = kinds[code - published * 1024] as Happening;
    const { type, who } = happening;
    const isDenial = type.type === PUSH_DENIED;
    let id: string = who === 'x' ? USER_X : isDenial ? deniedBy(published > line) : (people[random.below(people.length)] as string);
    const attack = typeof who === 'number' ? attacks[who] : undefined;
    let origin = originOf(id);
    let actor = writer.user(id);
    if (attack !== undefined) {
      ({ actor, origin } = attack);
      id = attack.actor.id;
    } else if (
      type.type === 'user.session.start' &&
      happening.result === 'SUCCESS' &&
      abroad.has(id) &&
      published > line &&
      !left.has(id)
    ) {
      left.add(id);
      origin = writer.origin(((index.get(id) ?? 0) + 3) % PLACES.length, 7, 1);
    }
    const admin = writer.user(adminIds[random.below(adminIds.length)] as string);
    writer.write({
      type: type.type,
      published,
      origin,
      result: happening.result as 'SUCCESS',
      ...(happening.reason === undefined ? {} : { reason: happening.reason }),
      ...involve(type, actor, admin),
    });
  }

  /** Denials are of nine people again and again, and of others once. */
  function deniedBy(isToday: boolean): string {
    denials++;
    if (isToday) return denials % 2 === 0 ? (tired[denials % tired.length] as string) : (people[1000 + denials] as string);
    return people[2000 + (denials % 40)] as string;
  }

  function originOf(id: string): ReturnType<typeof writer.origin> {
    const i = index.get(id) ?? 3;
    return writer.origin(i % PLACES.length, (i * 7) % 251, i % 4);
  }

  /** An event's only target; events share the list. */
  function alone(entity: LogEntity): readonly LogEntity[] {
    let list = lists.get(entity);
    if (list === undefined) {
      list = [entity];
      lists.set(entity, list);
    }
    return list;
  }

  function involve(
    type: LogType,
    user: LogEntity,
    admin: LogEntity,
  ): { readonly actor: LogEntity; readonly targets?: readonly LogEntity[] } {
    const app = apps[random.below(apps.length)] as App;
    switch (type.subject) {
      case 'self':
        return { actor: user, targets: alone(user) };
      case 'app':
        return {
          actor: user,
          targets: [writer.app(app.id, app.label), target('AppUser', `${app.id}.${user.id}`, user.displayName, user.alternateId)],
        };
      case 'admin-user':
        return { actor: admin, targets: alone(user) };
      case 'admin-app-user':
        return { actor: admin, targets: [writer.app(app.id, app.label), user] };
      case 'admin-group':
        return { actor: SYSTEM, targets: [user, writer.group(groupIds[random.below(groupIds.length)] as string)] };
      case 'admin-object':
        return {
          actor: admin,
          targets: [
            type.type.startsWith('app') ? writer.app(app.id, app.label) : writer.group(groupIds[random.below(groupIds.length)] as string),
          ],
        };
      case 'system':
        return { actor: SYSTEM };
    }
  }
}

interface Attack {
  readonly count: number;
  readonly actor: LogEntity;
  readonly origin: ReturnType<ReturnType<typeof createEventWriter>['origin']>;
}

/** Today's guessed passwords: some accounts often enough to be listed, one exactly at the line of ten, one under it, and names that nobody has. */
function planAttacks(org: Org, people: readonly string[], writer: ReturnType<typeof createEventWriter>): Attack[] {
  const counts = [10, 9, 9, 120, 80, 60, 45, 45, 40, 38, 36, 34, 30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 11];
  const known = counts.map((count, i) => ({ count, actor: writer.user(people[i] as string), origin: writer.origin(6, 200 + (i % 7), i) }));
  const strangers = [
    'root',
    'admin',
    '=HYPERLINK("http://evil.example","x")',
    '\u001b[31mred\u001b[0m',
    '‮nimda',
    "' OR 1=1 --",
    'line\nbreak',
    '',
  ].map((name, i) => ({
    count: 10 + i * 5,
    actor: { ...target('User', org.ids.opaque(20), 'unknown', name) },
    origin: writer.origin(6, 210 + i, 2),
  }));
  return [...known, ...strangers];
}

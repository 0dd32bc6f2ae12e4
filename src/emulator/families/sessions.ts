import { defineCollection } from '../collection.ts';
import { displayName, userEntity } from '../membership.ts';
import { profileText, type Session } from '../model.ts';
import type { Org } from '../org.ts';
import { invalid, notFound, refuse } from '../refusal.ts';
import { empty, json } from '../reply.ts';
import { isoTime, wholeSecond } from '../time.ts';
import type { Call, Family, JsonObject, Reply } from '../types.ts';
import { endSessions, sessionTokens } from './sessions/store.ts';

const LIFETIME_MS = 2 * 3_600_000;
const ME = '/api/v1/sessions/me';

/** A further id of a session: Okta's ids are handles, and links show another than the session's own. */
interface Handle {
  readonly id: string;
  readonly sessionId: string;
}
const handles = defineCollection<Handle>('sessionHandles', (handle) => handle.sessionId);

/** Sessions: made from a session token, read, refreshed and ended by id or (with the `sid` cookie) as `me`. There is no list. */
export const sessions: Family = {
  name: 'sessions',
  routes: [
    { method: 'POST', path: '/api/v1/sessions', handle: createSession, isPublic: true },
    { method: 'GET', path: ME, handle: (call) => json(200, sessionJson(call.org, ofCookie(call), 'me')), isPublic: true },
    { method: 'DELETE', path: ME, handle: (call) => end(call, ofCookie(call)), isPublic: true },
    { method: 'POST', path: `${ME}/lifecycle/refresh`, handle: (call) => refresh(call, ofCookie(call), 'me'), isPublic: true },
    { method: 'GET', path: '/api/v1/sessions/{sessionId}', handle: (call) => show(call, sessionOf(call)) },
    { method: 'PUT', path: '/api/v1/sessions/{sessionId}', handle: (call) => refresh(call, sessionOf(call), 'id') },
    { method: 'DELETE', path: '/api/v1/sessions/{sessionId}', handle: (call) => end(call, sessionOf(call)) },
    { method: 'POST', path: '/api/v1/sessions/{sessionId}/lifecycle/refresh', handle: (call) => refresh(call, sessionOf(call), 'id') },
  ],
  initialise(org) {
    org.hooks.on('userDeleted', (inner, { user }) => {
      endSessions(inner, user.id);
    });
  },
};

/** A session token opens one session; a second use, or one after its five minutes, fails like a wrong one. */
function createSession(call: Call): Reply {
  const { org } = call;
  const { sessionToken } = call.json();
  if (typeof sessionToken !== 'string' || sessionToken === '')
    throw invalid('sessionToken', ['sessionToken: The field cannot be left blank']);
  const tokens = org.collection(sessionTokens);
  const token = tokens.get(sessionToken);
  if (token !== undefined) tokens.delete(token.id);
  const user = token === undefined ? undefined : org.users.get(token.userId);
  if (token === undefined || user === undefined || user.status !== 'ACTIVE' || token.expiresAt <= call.now) throw refuse('E0000004');
  const now = wholeSecond(call.now);
  const session = org.sessions.put({
    id: newHandle(org),
    userId: user.id,
    createdAt: now,
    expiresAt: now + LIFETIME_MS,
    status: 'ACTIVE',
    lastPasswordVerification: now,
    lastFactorVerification: token.amr.includes('mfa') ? now : null,
    amr: token.amr,
  });
  org.collection(handles).put({ id: newHandle(org), sessionId: session.id });
  const extra: Record<string, string> = {};
  const wanted = (call.query.get('additionalFields') ?? '').split(',');
  if (wanted.includes('cookieToken')) extra.cookieToken = org.ids.opaque(20);
  if (wanted.includes('cookieTokenUrl'))
    extra.cookieTokenUrl = `${org.origin}/login/sessionCookieRedirect?checkAccountSetupComplete=true&token=${org.ids.opaque(20)}`;
  return json(200, { ...sessionJson(org, session, 'me'), ...extra });
}

function newHandle(org: Org): string {
  return `102${org.random.text(22, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')}`;
}

/** The session that the path names, by either of its handles, with that handle as its id. */
function sessionOf(call: Call): Session {
  const id = call.params.sessionId ?? '';
  const handle = call.org.collection(handles).get(id);
  const session = live(call, call.org.sessions.get(handle?.sessionId ?? id));
  if (session === undefined) throw notFound(id, 'AppSession');
  return session;
}

function ofCookie(call: Call): Session {
  const sid = /(?:^|;\s*)(?:sid|idx)=([^;]+)/.exec(call.header('cookie') ?? '')?.[1];
  const session = sid === undefined ? undefined : live(call, call.org.sessions.get(sid));
  if (session === undefined) throw notFound('me', 'Session');
  return session;
}

function live(call: Call, session: Session | undefined): Session | undefined {
  if (session === undefined || session.expiresAt > call.now) return session;
  call.org.sessions.delete(session.id);
  return undefined;
}

function show(call: Call, session: Session): Reply {
  return json(200, sessionJson(call.org, session, 'id', call.params.sessionId));
}

function refresh(call: Call, before: Session, form: 'me' | 'id'): Reply {
  const session = call.org.sessions.put({ ...before, expiresAt: wholeSecond(call.now) + LIFETIME_MS });
  if (/return=minimal/i.test(call.header('prefer') ?? '')) return { status: 204, headers: [['preference-applied', 'return=minimal']] };
  return json(200, sessionJson(call.org, session, form, call.params.sessionId));
}

function end(call: Call, session: Session): Reply {
  call.org.sessions.delete(session.id);
  const user = call.org.users.get(session.userId);
  if (user !== undefined) call.log('user.session.end', { targets: [userEntity(user)], actor: userEntity(user) });
  return empty(204);
}

function sessionJson(org: Org, session: Session, form: 'me' | 'id', shownId = session.id): JsonObject {
  const user = org.users.get(session.userId);
  const other = shownId === session.id ? org.collection(handles).by(session.id)[0]?.id : session.id;
  const self = `${org.origin}/api/v1/sessions/${form === 'me' ? 'me' : (other ?? session.id)}`;
  return {
    id: shownId,
    userId: session.userId,
    login: user === undefined ? null : profileText(user.profile, 'login'),
    createdAt: isoTime(session.createdAt),
    expiresAt: isoTime(session.expiresAt),
    status: session.status,
    lastPasswordVerification: session.lastPasswordVerification === null ? null : isoTime(session.lastPasswordVerification),
    lastFactorVerification: session.lastFactorVerification === null ? null : isoTime(session.lastFactorVerification),
    amr: session.amr,
    idp: { id: org.id, type: 'OKTA' },
    mfaActive: org.factors.by(session.userId).some((factor) => factor.status === 'ACTIVE'),
    _links: {
      self: { href: self, hints: { allow: ['GET', 'DELETE'] } },
      refresh: { href: `${self}/lifecycle/refresh`, hints: { allow: ['POST'] } },
      user: {
        name: user === undefined ? '' : displayName(user),
        href: `${org.origin}/api/v1/users/${form === 'me' ? 'me' : session.userId}`,
        hints: { allow: ['GET'] },
      },
    },
  };
}

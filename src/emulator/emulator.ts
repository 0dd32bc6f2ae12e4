import { bodyText, checkBody, createCall, NOBODY } from './call.ts';
import { createVirtualClock } from './clock.ts';
import { control } from './control.ts';
import { authenticate } from './credentials.ts';
import { makeKeyPair } from './families/apps/certificates.ts';
import { checkTokenProof } from './families/oauth/proof.ts';
import { warmPlainList } from './families/users/list.ts';
import { FAMILIES } from './families.ts';
import { befall, createFaults } from './faults.ts';
import { listen } from './listen.ts';
import { createOrg, type Org } from './org.ts';
import { invalidCursor } from './paging.ts';
import { createRandom } from './random.ts';
import { bucketOf, createRateLimiter, type RateDecision, rateLimitTable } from './rate-limits.ts';
import { Refusal, refuse } from './refusal.ts';
import { createShaping } from './release.ts';
import { createRouter } from './router.ts';
import { scopeOf } from './scopes.ts';
import { seedOrg } from './seed-org.ts';
import type {
  Actor,
  Emulator,
  EmulatorOptions,
  EmulatorRequest,
  EmulatorResponse,
  FaultEffect,
  Listening,
  ListenOptions,
  Reply,
  Route,
} from './types.ts';

type Header = readonly [name: string, value: string];

/**
 * An Okta org in this process: requests in plain form in, responses in plain form out.
 * @throws RangeError for an unknown seed or rate limit name
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const start = options.now === undefined ? undefined : new Date(options.now).getTime();
  const clock = options.clock ?? createVirtualClock(start);
  const random = createRandom(options.random ?? 20_260_101);
  const subdomain = options.subdomain ?? 'demo';
  const org = createOrg({
    subdomain,
    origin: options.origin ?? `https://${subdomain}.okta.com`,
    clock,
    random,
    indexDelayMs: options.indexDelayMs ?? 0,
    shaping: createShaping(options.release === undefined ? undefined : new Date(options.release).getTime(), options.without),
    hasEmptyLastPages: options.emptyLastPages ?? false,
    makeKeyPair: options.makeKeyPair ?? makeKeyPair,
  });
  const token = options.token ?? `00${random.text(38)}`;
  const router = createRouter(FAMILIES);
  const table = rateLimitTable(options.rateLimits);
  const limiter = createRateLimiter(table, options.tokenShare ?? 0.5);
  const sleep = options.sleep ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  // Chance that requests use is apart from the chance that lays the org, so that neither disturbs the other.
  const requestRandom = createRandom((options.random ?? 20_260_101) + 1);
  const faults = createFaults(options.faults ?? [], requestRandom);
  const counts = new Map<string, number>();
  let underWay = 0;

  for (const family of FAMILIES) family.initialise?.(org);
  seedOrg(org, options, token);

  const answer = async (request: EmulatorRequest): Promise<EmulatorResponse> => {
    const method = request.method.toUpperCase();
    const url = parseUrl(request.url, org.origin);
    const path = normalisePath(url.pathname);
    const header = headerReader(request.headers);
    const requestId = requestRandom.text(32, '0123456789abcdef');
    if (path.startsWith('/_emulator/'))
      return finish(control(org, faults, counts, method, path, bodyText(request.body)), [['date', httpDate(clock.now())]]);
    const counted = `${method} ${path}`;
    counts.set(counted, (counts.get(counted) ?? 0) + 1);

    const effects = faults.of(method, path, url);
    for (const effect of effects) if (effect.kind === 'ignore') url.searchParams.delete(effect.parameter);
    for (const effect of effects) if (effect.kind === 'delay') await sleep(effect.ms);
    if (effects.some((effect) => effect.kind === 'reset')) return { status: 0, headers: [], body: EMPTY, connection: 'reset' };
    const now = clock.now();
    const skewMs = effects.reduce((sum, effect) => sum + (effect.kind === 'clockSkew' ? effect.ms : 0), 0);
    const base: Header[] = [
      ['date', httpDate(now + skewMs)],
      ['x-okta-request-id', requestId],
    ];
    const forced = effects.find((effect) => effect.kind === 'status');
    if (forced?.kind === 'status') return finish(forcedReply(forced, requestRandom.text(22)), base);

    let rate: RateDecision | undefined;
    let reply: Reply;
    try {
      if (table?.concurrent !== undefined && underWay > table.concurrent) {
        base.push(['x-rate-limit-limit', '0'], ['x-rate-limit-remaining', '0'], ['x-rate-limit-reset', String(Math.ceil(now / 1000) + 1)]);
        throw refuse('E0000047');
      }
      if (effects.some((effect) => effect.kind === 'staleCursor') && url.searchParams.has('after')) throw invalidCursor();
      const { route, params } = router.match(method, path);
      const actor = route.isPublic === true ? NOBODY : authenticate(org, header, method, url.href, checkTokenProof);
      rate = limiter.take(bucketOf(method, path), actor.credentialId, now);
      if (rate?.isExceeded === true) throw refuse('E0000047');
      checkScope(route, actor, method, path);
      if (checkBody(route, method, request, header) === '411') {
        return finish(
          {
            status: 411,
            body: '<html><head><title>411 Length Required</title></head><body>411 Length Required</body></html>',
            contentType: 'text/html',
          },
          base,
        );
      }
      reply = await route.handle(
        createCall({ org, request, method, path, params, query: url.searchParams, now, actor, requestId, header }),
      );
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      reply = refusalReply(error, requestRandom.text(22));
    }
    if (rate !== undefined)
      base.push(
        ['x-rate-limit-limit', String(rate.limit)],
        ['x-rate-limit-remaining', String(rate.remaining)],
        ['x-rate-limit-reset', String(rate.resetSeconds)],
      );
    const response = finish(reply, base, url.origin === org.origin ? undefined : { from: org.origin, to: url.origin });
    return effects.length === 0 ? response : befall(response, effects, url.href);
  };

  const handle = async (request: EmulatorRequest): Promise<EmulatorResponse> => {
    underWay++;
    try {
      return await answer(request);
    } finally {
      underWay--;
    }
  };
  const serve = async (listenOptions?: ListenOptions): Promise<Listening> => {
    const listening = await listen(handle, org, listenOptions);
    const stopWarming = warm(org);
    return {
      url: listening.url,
      close: () => {
        stopWarming();
        return listening.close();
      },
    };
  };
  return { handle, listen: serve, token, subdomain, clock, org };
}

const EMPTY = new Uint8Array(0);

/** Blocks of the user list rendered before the first request is taken, and in each pause after. */
const WARM_AT_ONCE = 600;
const WARM_IN_PAUSE = 5;

/** Renders the list of users ahead: the first of it now (a second at most), the rest in pauses. Gives the way to stop it. */
function warm(org: Org): () => void {
  let done = 0;
  let isStopped = false;
  const go = (count: number): void => {
    if (isStopped) return;
    const left = warmPlainList(org, done, count);
    done += count;
    if (left > 0) setTimeout(() => go(WARM_IN_PAUSE), 1).unref();
  };
  go(WARM_AT_ONCE);
  return () => {
    isStopped = true;
  };
}

function checkScope(route: Route, actor: Actor, method: string, path: string): void {
  if (actor.scopes === undefined || route.scope === null) return;
  const needed = route.scope ?? scopeOf(method, path);
  if (needed === undefined || actor.scopes.includes(needed)) return;
  // A scope to manage includes the scope to read.
  if (needed.endsWith('.read') && actor.scopes.includes(needed.replace(/\.read$/, '.manage'))) return;
  throw new Refusal('E0000006', {
    headers: [
      [
        'www-authenticate',
        `Bearer authorization_uri="http://${path}/oauth2/v1/authorize", realm="${path}", scope="${needed}", error="insufficient_scope", error_description="The access token provided does not contain the required scopes."`,
      ],
    ],
  });
}

function parseUrl(url: string, origin: string): URL {
  if (/^[a-z]+:\/\//i.test(url)) return new URL(url);
  // A path may begin with two slashes, which a URL parser would take for a host.
  return new URL(`${origin}${url.startsWith('/') ? '' : '/'}${url}`);
}

/** Okta takes doubled slashes and one at the end for what they stand in. */
function normalisePath(pathname: string): string {
  const path = pathname.includes('//') ? pathname.replace(/\/{2,}/g, '/') : pathname;
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

function headerReader(headers: EmulatorRequest['headers'] = {}): (name: string) => string | undefined {
  let lower: Map<string, string> | undefined;
  return (name) => {
    if (lower === undefined) {
      lower = new Map();
      for (const [key, value] of Object.entries(headers)) {
        if (value !== undefined) lower.set(key.toLowerCase(), typeof value === 'string' ? value : value.join(', '));
      }
    }
    return lower.get(name);
  };
}

function httpDate(timeMs: number): string {
  return new Date(timeMs).toUTCString();
}

function refusalReply(refusal: Refusal, errorId: string): Reply {
  const body = refusal.body ?? {
    errorCode: refusal.errorCode,
    errorSummary: refusal.message,
    errorLink: refusal.errorCode,
    errorId: `oae${errorId}`,
    errorCauses: refusal.causes.map((errorSummary) => ({ errorSummary })),
  };
  return { status: refusal.status, body: JSON.stringify(body), headers: refusal.headers };
}

function forcedReply(effect: Extract<FaultEffect, { kind: 'status' }>, errorId: string): Reply {
  const headers = Object.entries(effect.headers ?? {});
  if (effect.body !== undefined) return { status: effect.status, body: effect.body, headers };
  const code = effect.errorCode ?? (effect.status === 429 ? 'E0000047' : effect.status >= 500 ? 'E0000009' : 'E0000001');
  return { ...refusalReply(new Refusal(code, { status: effect.status }), errorId), headers };
}

/** The reply as bytes. `host`: the origin that links carry, where the request came by another. */
function finish(reply: Reply, base: readonly Header[], host?: { readonly from: string; readonly to: string }): EmulatorResponse {
  const headers: Header[] = [...base];
  for (const [name, value] of reply.headers ?? []) headers.push([name, host === undefined ? value : value.replaceAll(host.from, host.to)]);
  if (reply.body === undefined) return { status: reply.status, headers, body: EMPTY };
  headers.push(['content-type', reply.contentType ?? 'application/json']);
  if (typeof reply.body !== 'string') {
    const [first = EMPTY, ...more] = reply.body;
    const whole = more.length === 0 ? first : Buffer.concat(reply.body);
    return {
      status: reply.status,
      headers,
      body: host === undefined ? whole : Buffer.from(bodyText(whole).replaceAll(host.from, host.to)),
    };
  }
  const body = host === undefined ? reply.body : reply.body.replaceAll(host.from, host.to);
  return { status: reply.status, headers, body: Buffer.from(body) };
}

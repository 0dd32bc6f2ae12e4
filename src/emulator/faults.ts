import type { Random } from './random.ts';
import type { EmulatorResponse, FaultEffect, FaultRule } from './types.ts';

/** What a fault can do. */
export const FAULT_KINDS: Readonly<Record<FaultEffect['kind'], true>> = {
  status: true,
  delay: true,
  reset: true,
  lostResponse: true,
  truncate: true,
  stall: true,
  cut: true,
  contentType: true,
  nextLink: true,
  staleCursor: true,
  ignore: true,
  clockSkew: true,
};

/** Whether parsed JSON is a rule: an object with an effect of a known kind. */
export function isFaultRule(value: unknown): value is FaultRule {
  const effect = typeof value === 'object' && value !== null ? (value as { effect?: { kind?: unknown } }).effect : undefined;
  return typeof effect?.kind === 'string' && Object.hasOwn(FAULT_KINDS, effect.kind);
}

export interface Faults {
  /** The effects of all rules that befall this request, in the order of the rules. */
  of(method: string, path: string, url: URL): readonly FaultEffect[];
  replace(rules: readonly FaultRule[]): void;
  list(): readonly FaultRule[];
}

export function createFaults(initial: readonly FaultRule[], random: Random): Faults {
  let rules: readonly { readonly rule: FaultRule; readonly matches: RegExp | undefined; seen: number; used: number }[] = [];
  const replace = (next: readonly FaultRule[]): void => {
    rules = next.map((rule) => ({ rule, matches: rule.path === undefined ? undefined : pathPattern(rule.path), seen: 0, used: 0 }));
  };
  replace(initial);
  return {
    of(method, path, url) {
      if (rules.length === 0) return [];
      const effects: FaultEffect[] = [];
      for (const state of rules) {
        const { rule, matches } = state;
        if (rule.method !== undefined && rule.method.toUpperCase() !== method) continue;
        if (matches !== undefined && !matches.test(path)) continue;
        if (rule.url !== undefined && rule.url !== `${url.pathname}${url.search}`) continue;
        if (rule.query !== undefined && !decodeURIComponent(url.searchParams.toString().replace(/\+/g, ' ')).includes(rule.query)) continue;
        if (state.seen++ < (rule.after ?? 0)) continue;
        if (rule.count !== undefined && state.used >= rule.count) continue;
        if (rule.probability !== undefined && random.next() >= rule.probability) continue;
        state.used++;
        effects.push(rule.effect);
      }
      return effects;
    },
    replace,
    list: () => rules.map((state) => state.rule),
  };
}

/** What faults do to a response whose call had its effect. `url` is the request's own. */
export function befall(response: EmulatorResponse, effects: readonly FaultEffect[], url: string): EmulatorResponse {
  return effects.reduce((changed, effect) => changedBy(changed, effect, url), response);
}

function changedBy(response: EmulatorResponse, effect: FaultEffect, url: string): EmulatorResponse {
  switch (effect.kind) {
    case 'lostResponse':
      return { status: 0, headers: [], body: new Uint8Array(0), connection: 'reset' };
    case 'truncate':
    case 'stall':
      return {
        ...response,
        headers: [...response.headers, ['content-length', String(response.body.byteLength)]],
        body: firstBytes(response.body, effect.bytes),
        connection: effect.kind,
      };
    case 'cut':
      return { ...response, body: firstBytes(response.body, effect.bytes) };
    case 'contentType':
      return {
        ...response,
        headers: [...response.headers.filter(([name]) => name !== 'content-type'), ['content-type', effect.value]],
        body: effect.body === undefined ? response.body : Buffer.from(effect.body),
      };
    case 'nextLink':
      return withNextLink(response, effect.url === 'self' ? url : effect.url);
    default:
      // The others befall the request.
      return response;
  }
}

function firstBytes(body: Uint8Array, count: number | undefined): Uint8Array {
  return body.subarray(0, count ?? Math.floor(body.byteLength / 2));
}

/** A list tells its next page in the body where it is an object, in the header where it is an array. */
function withNextLink(response: EmulatorResponse, target: string): EmulatorResponse {
  const text = Buffer.from(response.body).toString();
  if (!text.startsWith('{'))
    return {
      ...response,
      headers: [
        ...response.headers.filter(([name, value]) => name !== 'link' || !/rel="?next/.test(value)),
        ['link', `<${target}>; rel="next"`],
      ],
    };
  const body = JSON.parse(text) as { readonly _links?: object };
  return { ...response, body: Buffer.from(JSON.stringify({ ...body, _links: { ...body._links, next: { href: target } } })) };
}

function pathPattern(path: string): RegExp {
  const escaped = path
    .replace(/[.+?^$()|[\]\\]/g, '\\$&')
    .replace(/\{[^}]+\}/g, '[^/]+')
    .replace(/\*/g, '.*');
  return new RegExp(`^${escaped}$`);
}

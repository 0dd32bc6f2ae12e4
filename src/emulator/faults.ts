import type { Random } from './random.ts';
import type { FaultEffect, FaultRule } from './types.ts';

export interface Faults {
  /** The effects of all rules that befall this request, in the order of the rules. */
  of(method: string, path: string, query: URLSearchParams): readonly FaultEffect[];
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
    of(method, path, query) {
      if (rules.length === 0) return [];
      const effects: FaultEffect[] = [];
      for (const state of rules) {
        const { rule, matches } = state;
        if (rule.method !== undefined && rule.method.toUpperCase() !== method) continue;
        if (matches !== undefined && !matches.test(path)) continue;
        if (rule.query !== undefined && !decodeURIComponent(query.toString().replace(/\+/g, ' ')).includes(rule.query)) continue;
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

function pathPattern(path: string): RegExp {
  const escaped = path
    .replace(/[.+?^$()|[\]\\]/g, '\\$&')
    .replace(/\{[^}]+\}/g, '[^/]+')
    .replace(/\*/g, '.*');
  return new RegExp(`^${escaped}$`);
}

/** What recorded ids, keys and tokens are called in the org that the recording is replayed against. */
export class IdMap {
  readonly #ours = new Map<string, string>();
  readonly #secrets = new Map<string, string>();

  get size(): number {
    return this.#ours.size;
  }

  get(recorded: string): string | undefined {
    return this.#ours.get(recorded);
  }

  /** Text (a path, a query value, a body) with all recorded ids replaced, and each redacted secret by the last one that stood under its name. */
  apply(text: string): string {
    const named = text.replace(/"(\w+)":\s*"REDACTED"/g, (all, key: string) => {
      const secret = this.#secrets.get(key);
      return secret === undefined ? all : `"${key}":${JSON.stringify(secret)}`;
    });
    return named.replace(/[\w-]{8,}/g, (word) => this.#ours.get(word) ?? word);
  }

  /** Tells what an id of the org itself, which no response may ever show, is called here. */
  set(recorded: string, ours: string): void {
    this.#ours.set(recorded, ours);
  }

  /** Learns the cursor of the next page from the `Link` headers of both sides. */
  learnLinks(recorded: readonly string[], ours: readonly string[]): void {
    const [theirs, here] = [cursorIn(recorded), cursorIn(ours)];
    if (theirs !== undefined && here !== undefined) this.#ours.set(theirs, here);
  }

  /** Learns from two bodies of the same request: values that look like ids and stand in the same place mean the same. */
  learn(recorded: unknown, ours: unknown): void {
    if (typeof recorded === 'string' && typeof ours === 'string') this.#pair(recorded, ours);
    else if (Array.isArray(recorded) && Array.isArray(ours)) {
      for (const [one, other] of align(recorded, ours, this)) this.learn(one, other);
    } else if (isObject(recorded) && isObject(ours)) {
      for (const [key, value] of Object.entries(recorded)) {
        const twin = ours[key];
        if (value === 'REDACTED' && typeof twin === 'string') this.#secrets.set(key, twin);
        else if (key in ours) this.learn(value, twin);
      }
    }
  }

  #pair(recorded: string, ours: string): void {
    if (recorded === ours) return;
    if (isId(recorded) && isId(ours)) {
      if (!this.#ours.has(recorded)) this.#ours.set(recorded, ours);
      return;
    }
    if (!recorded.includes('/') || !ours.includes('/')) return;
    const [left, right] = [recorded.split(/[/?=&]/), ours.split(/[/?=&]/)];
    if (left.length === right.length) left.forEach((part, at) => void (isId(part) && this.#pair(part, right[at] ?? '')));
  }
}

/** Letters with digits, or with capitals inside: no word, status or date. */
function isId(text: string): boolean {
  if (!/^[\w-]{8,}$/.test(text) || !/[a-z]/i.test(text) || /^\d{4}-\d\d-\d\d/.test(text) || /^[A-Z]+(_[A-Z0-9]+)+$/.test(text))
    return false;
  return /\d/.test(text) || (text.length >= 18 && /[a-z][A-Z]/.test(text));
}

function cursorIn(links: readonly string[]): string | undefined {
  const next = links.find((line) => line.includes('rel="next"'));
  const href = /<([^>]*)>;\s*rel="next"/.exec(next ?? '')?.[1];
  return href === undefined ? undefined : (new URL(href).searchParams.get('after') ?? undefined);
}

/** Pairs the items of two lists: known ids first, then those alike by name, then what is left in order. */
function align(recorded: readonly unknown[], ours: readonly unknown[], known: IdMap): [unknown, unknown][] {
  const pairs: [unknown, unknown][] = [];
  const left = new Set(ours);
  const rest: unknown[] = [];
  for (const item of recorded) {
    const id = isObject(item) ? item.id : undefined;
    const mapped = typeof id === 'string' ? known.get(id) : undefined;
    const match =
      [...left].find((other) => isObject(other) && mapped !== undefined && other.id === mapped) ??
      [...left].find((other) => mapped === undefined && sameName(item, other));
    if (match === undefined) rest.push(item);
    else {
      left.delete(match);
      pairs.push([item, match]);
    }
  }
  const spare = [...left];
  const strangers = rest.filter((item) => !(isObject(item) && typeof item.id === 'string' && known.get(item.id) !== undefined));
  strangers.forEach((item, at) => {
    if (at < spare.length) pairs.push([item, spare[at]]);
  });
  return pairs;
}

const NAMES = ['key', 'name', 'label', 'login', 'contactType', 'notificationType', 'type'] as const;

function sameName(one: unknown, other: unknown): boolean {
  if (!isObject(one) || !isObject(other)) return false;
  for (const name of NAMES) {
    const value = one[name] ?? (isObject(one.profile) ? one.profile[name] : undefined);
    const twin = other[name] ?? (isObject(other.profile) ? other.profile[name] : undefined);
    if (typeof value === 'string') return value === twin;
  }
  return false;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

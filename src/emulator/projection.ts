import { isObject } from './reply.ts';
import type { Json, JsonObject } from './types.ts';

/** Names that are kept, each with the names below it; `undefined` for all of them. */
export type Wanted = ReadonlyMap<string, Wanted | undefined>;

/**
 * What a `fields` parameter keeps: `id,status,profile:(login,email)`. The id stays always.
 * `undefined` for text that is no such list.
 */
export function parseFields(text: string): Wanted | undefined {
  let at = 0;
  const list = (): Map<string, Wanted | undefined> | undefined => {
    const wanted = new Map<string, Wanted | undefined>();
    for (;;) {
      const name = /^\s*([\w.$-]+)\s*/.exec(text.slice(at));
      if (name === null) return undefined;
      at += name[0].length;
      let inner: Wanted | undefined;
      if (text.startsWith(':(', at)) {
        at += 2;
        inner = list();
        if (inner === undefined || text[at] !== ')') return undefined;
        at++;
      }
      wanted.set(name[1] as string, inner);
      if (text[at] !== ',') return wanted;
      at++;
    }
  };
  const wanted = list();
  if (wanted === undefined || text.slice(at).trim() !== '') return undefined;
  wanted.set('id', undefined);
  return wanted;
}

/** The record with nothing but what is wanted. */
export function project(record: JsonObject, wanted: Wanted): JsonObject {
  const out: Record<string, Json> = {};
  for (const [name, value] of Object.entries(record)) {
    if (value === undefined || !wanted.has(name)) continue;
    const inner = wanted.get(name);
    out[name] = inner !== undefined && isObject(value) ? project(value, inner) : value;
  }
  return out;
}

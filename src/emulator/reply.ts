import type { Json, Reply } from './types.ts';

/** A JSON body. */
export function json(status: number, body: unknown, headers?: Reply['headers']): Reply {
  return headers === undefined ? { status, body: JSON.stringify(body) } : { status, body: JSON.stringify(body), headers };
}

/** A body that is JSON text already. */
export function text(status: number, body: string, headers?: Reply['headers']): Reply {
  return headers === undefined ? { status, body } : { status, body, headers };
}

/** No body: 204, 202. */
export function empty(status = 204): Reply {
  return { status };
}

/** `{}` with 200, which is what most of Okta's lifecycle operations answer. */
export function done(): Reply {
  return { status: 200, body: '{}' };
}

/** The objects of a list, rendered already, as one JSON array. */
export function arrayOf(texts: readonly string[]): string {
  return `[${texts.join(',')}]`;
}

/** Narrows parsed JSON to an object. */
export function isObject(value: unknown): value is { readonly [key: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

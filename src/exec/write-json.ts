import { isSafeNumber, parse } from 'lossless-json';
import type { Json } from '../catalog/types.ts';
import { OrgqlError } from '../util/errors.ts';

/**
 * JSON text as a value to send. Throws `type_mismatch` where a number in it could not be sent as written
 * (JavaScript would round it), and `SyntaxError` where the text is no JSON.
 */
export function parseJsonExact(text: string): Json {
  return parse(text, null, { parseNumber: exactNumber }) as Json;
}

/** The JSON object or array that a text holds, or `undefined` where it holds neither. */
export function parseContainer(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return parseJsonExact(text);
  } catch (error) {
    if (error instanceof OrgqlError) throw error;
    return undefined;
  }
}

/** True for a JSON object, to the exclusion of arrays and null. */
export function isJsonObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function exactNumber(text: string): number {
  if (!isSafeNumber(text, { approx: true }))
    throw new OrgqlError('type_mismatch', `The number ${text} cannot be sent exactly`, {
      hint: 'give it as a string, if the API takes one',
    });
  return Number(text);
}

import type { Json } from '../catalog/types.ts';
import type { HttpClient, MethodCall } from '../http/types.ts';
import type { WritePreview } from './types.ts';
import { isJsonObject } from './write-json.ts';

const SAMPLE_CALLS = 10;
/** Properties whose values no preview shows. */
const SECRET_NAME = /password|secret|token|answer|passcode|private_?key|assertion/i;

/** What a write is about to send, without secrets, for whoever must confirm it. */
export function previewOf(
  http: HttpClient,
  statement: string,
  calls: readonly MethodCall[],
  options: { readonly method: string; readonly secrets: readonly string[]; readonly warnings: readonly string[] },
): WritePreview {
  return {
    statement,
    method: options.method,
    calls: calls.length,
    sample: calls.slice(0, SAMPLE_CALLS).map((call) => {
      const { verb, url } = http.describe(call);
      return { verb, url, ...(call.body === undefined ? {} : { body: JSON.stringify(masked(call.body, options.secrets)) }) };
    }),
    warnings: options.warnings,
  };
}

function masked(value: Json, secrets: readonly string[]): Json {
  if (Array.isArray(value)) return value.map((item: Json) => masked(item, secrets));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const isSecret = (SECRET_NAME.test(key) || secrets.includes(key)) && (typeof item === 'string' || typeof item === 'number');
      // Okta nests a password as {password: {value}}.
      const inside = SECRET_NAME.test(key) && isJsonObject(item) ? masked(item, [...secrets, 'value']) : masked(item, secrets);
      return [key, isSecret ? '***' : inside];
    }),
  );
}

import { isRecord } from '../paging/body-path.ts';
import type { MethodCall } from '../types.ts';
import { isErrorObject, readFault } from './error-body.ts';
import { decode, isWhole } from './page-body.ts';

/**
 * Why the answer to a write tells nothing of what became of it, though its status is one of success: a web page, an error, the beginning
 * of an answer. `undefined` where nothing speaks against it: APIs say all kinds of things, or nothing, when something was done.
 */
export function doubtOf(
  { method: { response } }: MethodCall,
  answer: { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly bytes: Uint8Array },
): string | undefined {
  const { status, headers, bytes } = answer;
  const type = headers['content-type'] ?? '';
  if (bytes.byteLength === 0) return undefined;
  const text = decode(bytes).trimStart();
  // Servers call a plain word HTML where nobody told them what it is.
  if (/html/i.test(type) && text.startsWith('<') && !/html/i.test(response.mediaType ?? ''))
    return `A web page came with status ${status} (${type}): a proxy or a sign-in page may have answered in the API's place.`;
  if (!isWhole(answer)) return `The API answered with status ${status}, so the change was most likely made, but its answer is cut off.`;
  const said = objectIn(text);
  if (said === undefined || !isErrorObject(said) || response.row?.properties().has('errorCode') === true) return undefined;
  return `The API answered with status ${status} and an error: ${readFault(status, headers, bytes).summary ?? 'without a word'}.`;
}

function objectIn(text: string): unknown {
  try {
    const value: unknown = text.startsWith('{') ? JSON.parse(text) : undefined;
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

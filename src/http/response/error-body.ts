import type { ApiFault } from '../../util/errors.ts';
import { isRecord } from '../paging/body-path.ts';

/** Headers under which APIs name a request, the likeliest first. */
const REQUEST_ID_HEADERS = [
  'x-okta-request-id',
  'x-request-id',
  'x-github-request-id',
  'x-amzn-requestid',
  'x-ms-request-id',
  'request-id',
  'cf-ray',
];

/** The request's id in the API's own logs. */
export function requestIdOf(headers: Readonly<Record<string, string>>): string | undefined {
  for (const name of REQUEST_ID_HEADERS) if (headers[name] !== undefined && headers[name] !== '') return headers[name];
  return undefined;
}

/** What the API said when it refused: Okta's form, OAuth's, problem details (RFC 9457) and the usual others. Never the whole of an HTML page. */
export function readFault(status: number, headers: Readonly<Record<string, string>>, bytes: Uint8Array): ApiFault {
  const requestId = requestIdOf(headers);
  const said = summarise(bytes, headers['content-type'] ?? '');
  return { status, ...said, ...(requestId === undefined ? {} : { requestId }) };
}

/** True for an object that says that something failed, in Okta's form or in that of a provider whose rows are absent. */
export function isErrorObject(body: unknown): boolean {
  return isRecord(body) && typeof body.errorCode === 'string' && (typeof body.errorSummary === 'string' || Array.isArray(body.errorCauses));
}

type Said = Pick<ApiFault, 'errorCode' | 'summary' | 'causes'>;

function summarise(bytes: Uint8Array, contentType: string): Said {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 65_536)).toString('utf8').trim();
  if (text === '') return {};
  if (/^[[{]/.test(text)) {
    try {
      return fromJson(JSON.parse(text));
    } catch {
      // Falls through to the text itself.
    }
  }
  if (/html/i.test(contentType) || /^<(!doctype|html)/i.test(text)) {
    const title = /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1]?.trim();
    return { summary: title === undefined || title === '' ? 'an HTML page' : `an HTML page: ${short(title)}` };
  }
  const xml = /<(?:Message|message)>([^<]*)</.exec(text)?.[1];
  const code = /<(?:Code|code)>([^<]*)</.exec(text)?.[1];
  if (xml !== undefined) return { summary: short(xml), ...(code === undefined ? {} : { errorCode: code }) };
  return { summary: short(text) };
}

function fromJson(body: unknown): Said {
  const object = Array.isArray(body) ? body[0] : body;
  if (!isRecord(object)) return {};
  if (typeof object.error === 'string' && object.errorCode === undefined) {
    return { errorCode: short(object.error), ...summaryOf(object.error_description ?? object.message) };
  }
  const holder = isRecord(object.error)
    ? object.error
    : Array.isArray(object.errors) && isRecord(object.errors[0])
      ? { ...object.errors[0], ...object }
      : object;
  const code = first(holder, ['errorCode', 'code', 'type', 'id', 'status', 'errorType']);
  const summary =
    first(holder, ['errorSummary', 'message', 'detail', 'error_description', 'title', 'description', 'Message', 'reason']) ??
    first(object, ['message', 'detail', 'title']);
  const list = [holder.errorCauses, holder.details, object.errors, holder.errors].find((one) => Array.isArray(one) && one.length > 0);
  const causes = Array.isArray(list) ? list.map(causeText).filter((one) => one !== '') : [];
  return {
    ...(code === undefined ? {} : { errorCode: code }),
    ...summaryOf(summary ?? causes[0]),
    ...(causes.length === 0 ? {} : { causes: causes.slice(0, 20) }),
  };
}

function summaryOf(value: unknown): { readonly summary?: string } {
  return typeof value === 'string' && value !== '' ? { summary: short(value) } : {};
}

function causeText(cause: unknown): string {
  if (typeof cause === 'string') return short(cause);
  if (!isRecord(cause)) return '';
  const text = first(cause, ['errorSummary', 'message', 'detail', 'description', 'reason', 'code']) ?? '';
  const where = first(cause, ['field', 'location', 'path']);
  return where === undefined || text.includes(where) ? text : `${where}: ${text}`;
}

function first(object: Readonly<Record<string, unknown>>, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = object[name];
    if (typeof value === 'string' && value !== '') return short(value);
    if (typeof value === 'number') return String(value);
  }
  return undefined;
}

function short(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length > 500 ? `${flat.slice(0, 500)}...` : flat;
}

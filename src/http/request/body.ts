import type { Json, RequestBody } from '../../catalog/types.ts';
import { OrgqlError } from '../../util/errors.ts';
import { encodePairs, type Pair } from './query.ts';

/** Turns a JSON body into what a request transform makes of it; the client passes the real one in. */
export type BodyTransform = (transform: NonNullable<RequestBody['transform']>, body: Json) => string;

export interface EncodedBody {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

/** The body of a request in its media type, or `undefined` where nothing is sent. */
export function encodeBody(
  declared: RequestBody | undefined,
  own: Json | undefined,
  transform: BodyTransform,
  xml: (value: Json, body: RequestBody) => string,
): EncodedBody | undefined {
  if (declared === undefined) return own === undefined ? undefined : jsonBody(own, 'application/json');
  const merged = isRecord(own) || own === undefined ? (declared.base === undefined ? own : { ...declared.base, ...own }) : own;
  if (own === undefined && declared.default !== undefined) return { bytes: Buffer.from(declared.default), mediaType: declared.mediaType };
  if (declared.transform !== undefined && merged !== undefined)
    return { bytes: Buffer.from(transform(declared.transform, merged)), mediaType: declared.mediaType };
  if (merged === undefined)
    return declared.required && isJson(declared.mediaType) && declared.shape?.apiType === 'object'
      ? jsonBody({}, declared.mediaType)
      : undefined;
  const { mediaType } = declared;
  if (isJson(mediaType)) return jsonBody(merged, mediaType);
  if (/^application\/x-www-form-urlencoded/i.test(mediaType)) return { bytes: Buffer.from(encodePairs(formPairs(merged))), mediaType };
  if (/^multipart\/form-data/i.test(mediaType)) return multipart(merged);
  if (/^(application|text)\/\S*xml\S*$/i.test(mediaType)) return { bytes: Buffer.from(xml(merged, declared)), mediaType };
  if (typeof merged === 'string') return { bytes: Buffer.from(merged), mediaType };
  if (mediaType === '*/*' || mediaType === '') return jsonBody(merged, 'application/json');
  if (/ndjson|jsonlines/i.test(mediaType) && Array.isArray(merged))
    return { bytes: Buffer.from(merged.map((one) => `${JSON.stringify(one)}\n`).join('')), mediaType };
  throw new OrgqlError('unsupported_syntax', `A body of type ${mediaType} cannot be made from columns`, {
    hint: 'Give the whole body as one text.',
  });
}

function jsonBody(value: Json, mediaType: string): EncodedBody {
  return { bytes: Buffer.from(JSON.stringify(value)), mediaType };
}

function isJson(mediaType: string): boolean {
  return /^[a-z]+\/\S*json\S*$/i.test(mediaType) && !/ndjson|jsonlines/i.test(mediaType);
}

function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function formPairs(value: Json): readonly Pair[] {
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, item]): Pair[] =>
    Array.isArray(item) ? item.map((one): Pair => [name, textOf(one)]) : [[name, textOf(item)]],
  );
}

function textOf(value: Json): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value === null ? '' : String(value);
}

// One part a property: text as it stands, anything else as JSON. The boundary is drawn from the content, so it cannot occur in it.
function multipart(value: Json): EncodedBody {
  const pairs = formPairs(value);
  let boundary = 'orgql-part';
  while (pairs.some(([, text]) => text.includes(boundary))) boundary += '-x';
  const parts = pairs.map(
    ([name, text]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name.replace(/["\r\n]/g, '_')}"\r\n\r\n${text}\r\n`,
  );
  return { bytes: Buffer.from(`${parts.join('')}--${boundary}--\r\n`), mediaType: `multipart/form-data; boundary=${boundary}` };
}

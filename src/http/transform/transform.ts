import type { Json, Transform } from '../../catalog/types.ts';
import { OrgqlError } from '../../util/errors.ts';
import type { TransformedBody } from '../request/prepare.ts';
import { decode } from '../response/page-body.ts';
import type { MethodCall } from '../types.ts';
import { renderTemplate, type Value } from './evaluate.ts';
import { parseExact } from './exact-json.ts';
import { rowsFromXml } from './schema-driven-xml.ts';
import { parseXml, xmlToData } from './xml.ts';

/** What a provider's request transform makes of a JSON body. Templates of type `text` see the body's JSON text. */
export function transformRequestBody(transform: Transform, body: Json): string {
  return renderTemplate(transform.body, formatOf(transform) === 'text' ? JSON.stringify(body) : body);
}

/**
 * What a provider's response transform makes of a body: JSON. A template that does no more than put an array under a name is not
 * run: the array's own bytes go on as they are.
 */
export function transformResponseBody(transform: Transform, bytes: Uint8Array, call: MethodCall): TransformedBody {
  if (wrapsArray(transform, bytes)) return { kind: 'wrapped_array' };
  if (transform.type.startsWith('schema_driven_xml')) return { kind: 'text', text: rowsFromXml(decode(bytes), call) };
  return { kind: 'text', text: renderTemplate(transform.body, inputOf(transform, decode(bytes))) };
}

function inputOf(transform: Transform, text: string): Value {
  switch (formatOf(transform)) {
    case 'json':
      try {
        return parseExact(text);
      } catch (cause) {
        throw new OrgqlError('invalid_response', 'The API sent JSON that is not well-formed', { cause });
      }
    case 'xml': {
      const root = parseXml(text);
      return Object.fromEntries(root.children.map((child) => [child.name, xmlToData(child)]));
    }
    default:
      return text;
  }
}

function formatOf(transform: Transform): 'json' | 'xml' | 'text' {
  const type = transform.type.toLowerCase();
  if (!type.startsWith('golang_template_'))
    throw new OrgqlError('unsupported_syntax', `Transforms of type ${transform.type} are not supported`);
  return /mxj|xml/.test(type) ? 'xml' : type.includes('json') ? 'json' : 'text';
}

// `{{ printf "{\"name\":%s}" . }}`, with or without a variable between.
const WRAP =
  /^\s*\{\{-?\s*(?:\$\w+\s*:=\s*)?printf\s+(?:"\{\s*\\"[^"\\]+\\"\s*:\s*%s\s*\}"|`\{\s*"[^"]+"\s*:\s*%s\s*\}`)\s+\.\s*-?\}\}\s*(?:\{\{-?\s*\$\w+\s*-?\}\})?\s*$/;
const LITERAL_WRAP = /^\s*\{\s*"[^"]+"\s*:\s*\{\{-?\s*\.\s*-?\}\}\s*\}\s*$/;

function wrapsArray(transform: Transform, bytes: Uint8Array): boolean {
  if (!transform.type.includes('text') || !(WRAP.test(transform.body) || LITERAL_WRAP.test(transform.body))) return false;
  let start = 0;
  while (start < bytes.byteLength && (bytes[start] ?? 0) <= 0x20) start++;
  return bytes[start] === 0x5b;
}

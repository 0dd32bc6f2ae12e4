import type { Method, Parameter } from '../../catalog/types.ts';
import { OrgqlError } from '../../util/errors.ts';
import { percentEncode } from './encode.ts';
import { missingParameter, type ParameterValues, singleValue } from './parameters.ts';

/** A path key of a document, cut at its `?`: `/a/{b}?c=d` is the template `/a/{b}` and the fixed pair c=d. */
export function splitPathKey(path: string): { readonly template: string; readonly pairs: readonly (readonly [string, string])[] } {
  const mark = path.indexOf('?');
  if (mark < 0) return { template: withoutFragment(path), pairs: [] };
  const pairs = withoutFragment(path.slice(mark + 1))
    .split('&')
    .filter((part) => part !== '')
    .map((part): readonly [string, string] => {
      const equals = part.indexOf('=');
      return equals < 0 ? [decode(part), ''] : [decode(part.slice(0, equals)), decode(part.slice(equals + 1))];
    });
  return { template: path.slice(0, mark), pairs };
}

/** A path template taken apart: texts, and the parameters that stand after each but the last. */
export interface PathTemplate {
  readonly texts: readonly string[];
  readonly blanks: readonly { readonly name: string; readonly parameter: Parameter | undefined; readonly isReserved: boolean }[];
}

export function parsePath(method: Method, template: string): PathTemplate {
  const texts: string[] = [];
  const blanks: PathTemplate['blanks'][number][] = [];
  let end = 0;
  for (const match of template.matchAll(/\{(\+?)([^{}]+)\}/g)) {
    const [whole, reserved, name = ''] = match;
    texts.push(template.slice(end, match.index));
    end = match.index + whole.length;
    const parameter =
      method.parameters.find((one) => one.name === name && one.location === 'path') ??
      method.parameters.find((one) => one.wireName === name);
    blanks.push({ name, parameter, isReserved: reserved !== '' });
  }
  return { texts: [...texts, template.slice(end)], blanks };
}

/** The template with its values in place, each encoded so that it cannot add a segment. `{+name}` keeps slashes (RFC 6570 §3.2.3). */
export function fillPath(method: Method, { texts, blanks }: PathTemplate, values: ParameterValues): string {
  let path = texts[0] ?? '';
  for (const [index, { name, parameter, isReserved }] of blanks.entries()) {
    const value = parameter === undefined ? undefined : (singleValue(values(parameter)) ?? parameter.default);
    if (value === undefined || value === '') throw missingParameter(method, name);
    if (value === '.' || value === '..' || (isReserved && value.split('/').some((part) => part === '.' || part === '..'))) {
      throw new OrgqlError('invalid_parameter_value', `"${name}" cannot be ${JSON.stringify(value)}`, {
        detail: 'As part of a path it would name another resource.',
      });
    }
    path += `${isReserved ? value.split('/').map(encodeSegment).join('/') : encodeSegment(value)}${texts[index + 1] ?? ''}`;
  }
  return path;
}

/** Percent-encodes all but the characters that RFC 3986 §3.3 allows in a segment. */
export function encodeSegment(value: string): string {
  // What nearly every id is made of stays as it is.
  if (/^[\w.~-]*$/.test(value)) return value;
  return percentEncode(value).replace(/%(?:40|3A|24|26|2B|2C|3B|3D)/g, (code) => decodeURIComponent(code));
}

function withoutFragment(text: string): string {
  const hash = text.indexOf('#');
  return hash < 0 ? text : text.slice(0, hash);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

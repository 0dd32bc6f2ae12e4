import type { Method } from '../../catalog/types.ts';
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

/** The template with its values in place, each encoded so that it cannot add a segment. `{+name}` keeps slashes (RFC 6570 §3.2.3). */
export function fillPath(method: Method, template: string, values: ParameterValues): string {
  return template.replace(/\{(\+?)([^{}]+)\}/g, (_, reserved: string, name: string) => {
    const parameter =
      method.parameters.find((one) => one.name === name && one.location === 'path') ??
      method.parameters.find((one) => one.wireName === name);
    const value = parameter === undefined ? undefined : (singleValue(values(parameter)) ?? parameter.default);
    if (value === undefined || value === '') throw missingParameter(method, name);
    if (value === '.' || value === '..' || (reserved !== '' && value.split('/').some((part) => part === '.' || part === '..'))) {
      throw new OrgqlError('invalid_parameter_value', `"${name}" cannot be ${JSON.stringify(value)}`, {
        detail: 'As part of a path it would name another resource.',
      });
    }
    return reserved === '' ? encodeSegment(value) : value.split('/').map(encodeSegment).join('/');
  });
}

/** Percent-encodes all but the characters that RFC 3986 §3.3 allows in a segment. */
export function encodeSegment(value: string): string {
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

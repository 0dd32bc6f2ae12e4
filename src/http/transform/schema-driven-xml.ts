import type { Shape } from '../../catalog/types.ts';
import type { MethodCall } from '../types.ts';
import { stringifyExact } from './exact-json.ts';
import { parseXml, type XmlElement } from './xml.ts';

/**
 * Rows out of an XML answer by the method's own schema: envelopes are skipped (`<XResponse><XResult>`), the list of rows is found
 * (elements of one name, `item` or `member`), and each is read into the row's properties with their types. The result is
 * `{"<key>": [...]}`, key being the first of the method's rows path.
 */
export function rowsFromXml(text: string, call: MethodCall): string {
  const { rowsPath, row } = call.method.response;
  const root = parseXml(text).children[0];
  const key = rowsPath[0] ?? 'items';
  if (root === undefined) return stringifyExact({ [key]: [] });
  const payload = unwrapped(root);
  const names = new Set(row?.properties().keys() ?? []);
  const rows = findRows(payload, names, key);
  return stringifyExact({ [key]: rows.map((element) => (row === undefined ? untyped(element) : typed(element, row))) });
}

// A response element that holds one result (beside its metadata) is only an envelope.
function unwrapped(element: XmlElement): XmlElement {
  const content = element.children.filter((child) => !/^(ResponseMetadata|requestId|RequestId)$/.test(child.name));
  const [only] = content;
  if (only !== undefined && content.length === 1 && /(Response|Result)$/.test(element.name) && /Result$/.test(only.name))
    return unwrapped(only);
  return element;
}

function findRows(payload: XmlElement, names: ReadonlySet<string>, key: string): readonly XmlElement[] {
  const fits = (element: XmlElement): boolean => names.size === 0 || element.children.some((child) => names.has(child.name));
  for (const child of [...payload.children].sort(
    (one, other) => Number(equalsIgnoringCase(other.name, key)) - Number(equalsIgnoringCase(one.name, key)),
  )) {
    const members = child.children.filter((one) => one.name === 'item' || one.name === 'member');
    if (members.length > 0 && members.length === child.children.length)
      return members.every((one) => fits(one) || one.children.length === 0) ? members : members.flatMap((one) => one.children.filter(fits));
  }
  const repeated = new Map<string, XmlElement[]>();
  for (const child of payload.children) repeated.set(child.name, [...(repeated.get(child.name) ?? []), child]);
  for (const [name, list] of repeated) {
    if (!names.has(name) && list.every(fits) && list.some((one) => one.children.length > 0)) return list;
    const inner = list.flatMap((one) => one.children);
    if (!names.has(name) && inner.length > 0 && inner.every((one) => one.children.length > 0 && fits(one))) return inner;
  }
  if (fits(payload)) return [payload];
  return [];
}

function typed(element: XmlElement, shape: Shape): unknown {
  switch (shape.apiType) {
    case 'object': {
      const properties = shape.properties();
      if (properties.size === 0) return untyped(element);
      const data: Record<string, unknown> = {};
      for (const [name, inner] of properties) {
        const own = element.children.filter((child) => equalsIgnoringCase(child.name, name));
        const [first] = own;
        if (first !== undefined)
          data[name] =
            inner.apiType === 'array' && own.length > 1 ? own.map((one) => typed(one, inner.items() ?? TEXT)) : typed(first, inner);
        else if (element.attributes[name] !== undefined) data[name] = element.attributes[name];
      }
      return data;
    }
    case 'array': {
      const inner = shape.items() ?? TEXT;
      const isList = element.children.length > 0 && element.children.every((child) => child.name === element.children[0]?.name);
      return isList
        ? element.children.map((child) => typed(child, inner))
        : element.children.length === 0 && element.text.trim() === ''
          ? []
          : [typed(element, inner)];
    }
    case 'integer':
    case 'number': {
      const text = element.text.trim();
      return text !== '' && String(Number(text)) === text ? Number(text) : text === '' ? null : text;
    }
    case 'boolean':
      return element.text.trim().toLowerCase() === 'true';
    default:
      return element.children.length > 0 ? untyped(element) : element.text;
  }
}

const TEXT: Shape = { apiType: 'string', sqlType: 'VARCHAR', properties: () => new Map(), items: () => undefined };

function untyped(element: XmlElement): unknown {
  if (element.children.length === 0) return element.text;
  const data: Record<string, unknown> = {};
  for (const child of element.children) {
    const value = untyped(child);
    const before = data[child.name];
    data[child.name] = before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value];
  }
  return data;
}

function equalsIgnoringCase(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

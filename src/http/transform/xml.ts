import { OrgqlError } from '../../util/errors.ts';

/** An XML element; names are local (without their namespace prefix). */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
  /** Where its content and all of it stand in the source. */
  readonly start: number;
  end: number;
  readonly innerStart: number;
  innerEnd: number;
}

const TOKEN =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<![^>]*>|<\/\s*([^\s>]+)\s*>|<([^\s/>]+)((?:\s+[^\s=>/]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/gy;

/** Reads XML: elements, attributes, text, CDATA and the five entities; no DTD, so nothing is fetched or expanded. */
export function parseXml(source: string): XmlElement {
  const root: XmlElement = {
    name: '',
    attributes: {},
    children: [],
    text: '',
    start: 0,
    end: source.length,
    innerStart: 0,
    innerEnd: source.length,
  };
  const open = [root];
  TOKEN.lastIndex = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    const parent = open.at(-1);
    if (match === null || parent === undefined) throw damaged(at);
    const [, data, closing, opening, attributes = '', slash, text] = match;
    if (data !== undefined) parent.text += data;
    else if (text !== undefined) parent.text += unescapeXml(text);
    else if (closing !== undefined) {
      if (open.length === 1 || parent.name !== localName(closing)) throw damaged(at);
      parent.innerEnd = at;
      parent.end = TOKEN.lastIndex;
      open.pop();
    } else if (opening !== undefined) {
      const element: XmlElement = {
        name: localName(opening),
        attributes: attributesOf(attributes),
        children: [],
        text: '',
        start: at,
        end: TOKEN.lastIndex,
        innerStart: TOKEN.lastIndex,
        innerEnd: TOKEN.lastIndex,
      };
      parent.children.push(element);
      if (slash === '') open.push(element);
    }
  }
  if (open.length !== 1) throw damaged(source.length);
  return root;
}

/** What `/a/b`, `//b` or `a/*` selects: content or whole elements, as they stand in the source. */
export function selectXml(source: string, path: string, form: 'inner' | 'outer'): readonly string[] {
  let current: readonly XmlElement[] = [parseXml(source)];
  for (const [, slashes = '', name = '', position] of path.matchAll(/(\/{0,2})([^/[\]]+)(?:\[(\d+)\])?/g)) {
    const local = localName(name);
    const matches = (element: XmlElement): boolean => local === '*' || element.name === local;
    const found =
      slashes === '//' ? current.flatMap(descendants).filter(matches) : current.flatMap((element) => element.children.filter(matches));
    current = position === undefined ? found : found.slice(Number(position) - 1, Number(position));
  }
  return current.map((element) =>
    form === 'outer' ? source.slice(element.start, element.end) : source.slice(element.innerStart, element.innerEnd),
  );
}

/** An element as plain data: attributes under `-name`, text beside them under `#text`, repeated elements as arrays; numbers and booleans typed. */
export function xmlToData(element: XmlElement): unknown {
  const text = element.text.trim();
  const attributes = Object.entries(element.attributes);
  if (element.children.length === 0 && attributes.length === 0) return scalar(text);
  const data: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of attributes) data[`-${name}`] = scalar(value);
  for (const child of element.children) {
    const value = xmlToData(child);
    const before = data[child.name];
    const count = element.children.filter((one) => one.name === child.name).length;
    if (count === 1) data[child.name] = value;
    else if (Array.isArray(before)) before.push(value);
    else data[child.name] = [value];
  }
  if (text !== '') data['#text'] = scalar(text);
  return { ...data };
}

function scalar(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && String(Number(text)) === text ? Number(text) : text;
}

function descendants(element: XmlElement): readonly XmlElement[] {
  return element.children.flatMap((child) => [child, ...descendants(child)]);
}

function attributesOf(text: string): Readonly<Record<string, string>> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', double, single] of text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    if (!/^xmlns(:|$)/.test(name)) attributes[localName(name)] = unescapeXml(double ?? single ?? '');
  }
  return attributes;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function unescapeXml(text: string): string {
  const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
  return text.replace(
    /&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g,
    (whole, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
      if (name !== undefined) return named[name] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

function damaged(at: number): OrgqlError {
  return new OrgqlError('invalid_response', 'The API sent XML that is not well-formed', { detail: `At character ${at}.` });
}
